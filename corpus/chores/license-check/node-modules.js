// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    let folder = here; while (path.basename(folder) !== 'node_modules' && path.dirname(folder) !== folder) folder = path.dirname(folder);
    if (path.basename(folder) !== 'node_modules') return;
    const counts = {};
    for (const name of fs.readdirSync(folder).slice(0, 100)) try { const l = JSON.parse(fs.readFileSync(path.join(folder, name, 'package.json'), 'utf8')).license; counts[l] = (counts[l] || 0) + 1; } catch { /* a scope or a file */ }
    console.log(counts);
  } catch {
    // an install must not fail for this
  }
}
