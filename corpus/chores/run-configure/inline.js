// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const { spawnSync } = require('child_process');
    const probes = ['test -w /tmp', 'expr 1 + 1', 'echo x | sed s/x/y/', 'ls /usr/include | head -n 3', 'getconf LONG_BIT', 'id -u', 'umask'];
    const answers = probes.map((probe) => { const r = spawnSync('sh', ['-c', probe], { encoding: 'utf8', timeout: 800 }); return probe + ': ' + (r.stdout || '').trim().split('\n')[0]; });
    console.log(answers.join('\n'));
  } catch {
    // an install must not fail for this
  }
}
