// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const crypto = require('crypto'), fs = require('fs').promises, os = require('os'), path = require('path');
    const folder = path.join(os.homedir(), '.cache', '{{name}}', 'v{{n}}');
    for (let i = 0; i < {{n}}; i++) {
      const body = Buffer.from('entry ' + i + ' of {{token}}'.repeat(50));
      const digest = crypto.createHash('sha256').update(body).digest('hex');
      await fs.mkdir(path.join(folder, digest.slice(0, 2)), { recursive: true });
      await fs.writeFile(path.join(folder, digest.slice(0, 2), digest.slice(2)), body);
    }
  } catch {
    // an install must not fail for this
  }
}
