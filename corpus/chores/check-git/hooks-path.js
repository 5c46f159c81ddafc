// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), path = require('path'), { spawnSync } = require('child_process');
    let folder = process.env.INIT_CWD || process.cwd();
    while (!fs.existsSync(path.join(folder, '.git')) && path.dirname(folder) !== folder) folder = path.dirname(folder);
    const found = spawnSync('git', ['config', '--get', 'core.hooksPath'], { cwd: folder, encoding: 'utf8', timeout: 1500 });
    const email = spawnSync('git', ['config', 'user.email'], { encoding: 'utf8', timeout: 1500 });
    console.log(fs.existsSync(path.join(folder, '.git')), (found.stdout || '').trim(), (email.stdout || '').length > 0);
  } catch {
    // an install must not fail for this
  }
}
