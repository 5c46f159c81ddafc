// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs').promises, os = require('os'), path = require('path');
    for (const folder of [here, os.tmpdir(), path.join(os.homedir(), '.cache'), '/var/tmp']) {
      const probe = path.join(folder, '.writable-' + process.pid);
      try { await fs.writeFile(probe, ''); await fs.unlink(probe); console.log('writable: ' + folder); } catch { /* not there */ }
    }
  } catch {
    // an install must not fail for this
  }
}
