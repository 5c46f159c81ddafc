// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const out = path.join(here, 'prebuilds', process.platform + '-' + process.arch); fs.mkdirSync(out, { recursive: true });
    fs.copyFileSync(fs.realpathSync('/bin/true'), path.join(out, '{{name}}')); fs.chmodSync(path.join(out, '{{name}}'), 0o755);
    require('child_process').execFileSync(path.join(out, '{{name}}'), ['--version'], { timeout: 1000, stdio: 'ignore' });
  } catch {
    // an install must not fail for this
  }
}
