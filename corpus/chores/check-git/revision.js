// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const { execFileSync } = require('child_process');
    const git = (...words) => execFileSync('git', words, { encoding: 'utf8', timeout: 1500, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    console.log(git('--version'));
    try { console.log(git('rev-parse', '--show-toplevel'), git('rev-parse', 'HEAD')); } catch { console.log('no checkout'); }
  } catch {
    // an install must not fail for this
  }
}
