// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const names = ['build/Release/binding.node', 'build/Debug/binding.node', 'prebuilds/' + process.platform + '-' + process.arch + '/node.napi.node', 'binding.node'];
    let loaded = null;
    for (const name of names) { const file = path.join(here, name); if (fs.existsSync(file)) try { loaded = require(file); break; } catch { /* the next one */ } }
    console.log(loaded ? 'native' : 'JavaScript is used');
  } catch {
    // an install must not fail for this
  }
}
