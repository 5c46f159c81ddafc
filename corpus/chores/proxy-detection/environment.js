// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'npm_config_proxy', 'npm_config_https_proxy', 'npm_config_noproxy', 'npm_config_registry'];
    const set = names.filter((name) => process.env[name]);
    const proxy = process.env.https_proxy || process.env.npm_config_https_proxy;
    console.log(set.length + ' settings', proxy ? 'by way of ' + new URL(proxy).host : 'direct');
  } catch {
    // an install must not fail for this
  }
}
