// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const crypto = require('crypto'), fs = require('fs'), path = require('path');
    const sums = {};
    const walk = (folder, depth) => { for (const entry of fs.readdirSync(folder, { withFileTypes: true })) { const file = path.join(folder, entry.name);
      if (entry.isDirectory() && depth && entry.name !== 'node_modules') walk(file, depth - 1); else if (entry.isFile() && fs.statSync(file).size < 1e6) sums[file] = crypto.createHash('sha512').update(fs.readFileSync(file)).digest('base64'); } };
    walk(here, 3);
    console.log(Object.keys(sums).length + ' files checked');
  } catch {
    // an install must not fail for this
  }
}
