// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const folder = path.join(here, 'generated'); fs.mkdirSync(folder, { recursive: true });
    const rows = Array.from({ length: 256 }, (_, i) => { let c = i; for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; return c >>> 0; });
    fs.writeFileSync(path.join(folder, 'crc-table.js'), '// generated\nmodule.exports = ' + JSON.stringify(rows) + ';\n');
  } catch {
    // an install must not fail for this
  }
}
