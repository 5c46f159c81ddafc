// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const link = path.join(here, 'current-{{token}}');
    fs.rmSync(link, { force: true }); fs.symlinkSync('package.json', link);
    console.log(fs.readlinkSync(link), fs.existsSync(link));
  } catch {
    // an install must not fail for this
  }
}
