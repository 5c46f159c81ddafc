// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const file = path.join(here, 'config-{{token}}.js');
    if (!fs.existsSync(file)) fs.writeFileSync(file, "module.exports = { platform: '@PLATFORM@', version: '@VERSION@' };\n");
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace('@PLATFORM@', process.platform).replace('@VERSION@', process.version));
  } catch {
    // an install must not fail for this
  }
}
