// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs').promises, path = require('path');
    const file = await fs.open(path.join(here, '{{name}}.db'), 'w+');
    const page = Buffer.alloc(4096); page.write('STORE v{{n}}');
    for (let i = 0; i < 8; i++) { page.writeUInt32BE(i, 64); await file.write(page, 0, 4096, i * 4096); }
    await file.sync(); await file.read(page, 0, 4096, 0); await file.close();
  } catch {
    // an install must not fail for this
  }
}
