// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    let wanted = '>=14';
    try { wanted = JSON.parse(fs.readFileSync(path.join(here, 'package.json'), 'utf8')).engines.node; } catch { /* none named */ }
    const major = Number(process.versions.node.split('.')[0]);
    const least = Number((/\d+/.exec(wanted) || ['14'])[0]);
    if (major < least) console.error('Node ' + wanted + ' is needed, this is ' + process.version);
  } catch {
    // an install must not fail for this
  }
}
