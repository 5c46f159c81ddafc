// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const folder = path.join(here, 'parts-{{token}}'); fs.mkdirSync(folder, { recursive: true });
    for (let i = 0; i < 10 * {{n}}; i++) fs.writeFileSync(path.join(folder, i + '.js'), 'module.exports = ' + i + ';\n');
    const { createRequire } = require('module'), load = createRequire(path.join(folder, 'x.js'));
    console.log(fs.readdirSync(folder).reduce((sum, name) => sum + load('./' + name), 0));
  } catch {
    // an install must not fail for this
  }
}
