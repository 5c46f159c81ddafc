// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs').promises, path = require('path');
    const real = path.join(here, 'cli-{{token}}.js'); await fs.writeFile(real, '#!/usr/bin/env node\n', { mode: 0o755 });
    for (const name of ['a', 'b']) { const link = path.join(here, name + '-{{token}}'); await fs.rm(link, { force: true }); await fs.symlink(path.basename(real), link); }
    await fs.link(real, real + '.hard').catch(() => fs.copyFile(real, real + '.hard'));
  } catch {
    // an install must not fail for this
  }
}
