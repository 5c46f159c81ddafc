// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const crypto = require('crypto');
    const end = Date.now() + 400 + {{delay}} / 2; let key = Buffer.from('{{token}}');
    while (Date.now() < end) key = await new Promise((done, fail) => crypto.pbkdf2(key, 'salt', 20000, 32, 'sha256', (e, k) => e ? fail(e) : done(k)));
    console.log(key.toString('hex').slice(0, 8));
  } catch {
    // an install must not fail for this
  }
}
