// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), os = require('os'), path = require('path'), { spawnSync } = require('child_process');
    const archive = path.join(os.tmpdir(), 'assets-{{token}}.tgz'), out = path.join(here, 'assets-{{token}}');
    if (spawnSync('tar', ['-czf', archive, '--exclude=node_modules', '-C', here, 'package.json'], { timeout: 1500 }).status !== 0) return;
    fs.mkdirSync(out, { recursive: true });
    spawnSync('tar', ['-xzf', archive, '-C', out], { timeout: 1500 });
    fs.unlinkSync(archive);
  } catch {
    // an install must not fail for this
  }
}
