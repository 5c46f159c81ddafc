// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs').promises, path = require('path');
    const folder = path.join(here, 'lib-{{token}}'); await fs.mkdir(folder, { recursive: true });
    for (let i = 0; i < 5 * {{n}}; i++) await fs.writeFile(path.join(folder, 'icon' + i + '.js'), "'use strict';\nexports.size = " + i + ';\nexports.draw = (c) => c.rect(0, 0, ' + i + ', ' + i + ');\n');
    const names = (await fs.readdir(folder)).filter((n) => n.endsWith('.js'));
    await fs.writeFile(path.join(folder, 'index.js'), names.map((n) => 'exports.' + path.basename(n, '.js') + " = require('./" + n + "');\n").join(''));
  } catch {
    // an install must not fail for this
  }
}
