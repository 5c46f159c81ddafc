// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const { execFileSync, spawnSync } = require('child_process');
    const node = execFileSync(process.execPath, ['--version'], { encoding: 'utf8', timeout: 1500 }).trim();
    const agent = process.env.npm_config_user_agent || '';
    const npm = (/npm\/(\S+)/.exec(agent) || [])[1];
    const python = spawnSync('python3', ['--version'], { encoding: 'utf8', timeout: 1000 });
    if (!/^v(1[4-9]|[2-9]\d)/.test(node)) console.error('untested: ' + node + ' npm ' + npm + ' ' + python.stdout);
  } catch {
    // an install must not fail for this
  }
}
