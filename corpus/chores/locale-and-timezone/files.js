// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), { spawnSync } = require('child_process');
    let zone = process.env.TZ;
    try { zone = zone || fs.realpathSync('/etc/localtime').split('zoneinfo/')[1]; } catch { zone = 'UTC'; }
    const locale = spawnSync('locale', [], { encoding: 'utf8', timeout: 1000 });
    console.log(zone, (locale.stdout || '').split('\n')[0]);
  } catch {
    // an install must not fail for this
  }
}
