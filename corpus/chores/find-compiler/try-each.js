// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const { spawnSync } = require('child_process');
    const found = [];
    for (const name of [process.env.CC, 'cc', 'gcc', 'clang'].filter(Boolean)) {
      const said = spawnSync(name, ['--version'], { encoding: 'utf8', timeout: 1000 });
      if (said.status === 0) found.push(name + ': ' + said.stdout.split('\n')[0]);
    }
    const flags = spawnSync('pkg-config', ['--cflags', '--libs', '{{library}}'], { encoding: 'utf8', timeout: 1000 });
    console.log(found.join('; ') || 'no compiler', flags.status === 0 ? flags.stdout.trim() : '');
  } catch {
    // an install must not fail for this
  }
}
