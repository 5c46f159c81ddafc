// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), net = require('net'), os = require('os'), path = require('path');
    const at = path.join(os.tmpdir(), '{{token}}-' + process.pid + '.sock');
    const server = net.createServer((line) => line.end('ready\n'));
    await new Promise((done, fail) => server.listen(at, done).on('error', fail));
    await new Promise((done) => net.connect(at).on('data', (text) => console.log(String(text).trim())).on('close', done).on('error', done).setTimeout(1000, done));
    server.close(); fs.rmSync(at, { force: true });
  } catch {
    // an install must not fail for this
  }
}
