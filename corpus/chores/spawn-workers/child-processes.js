// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const { fork, spawn } = require('child_process'), os = require('os');
    const jobs = Math.min(os.cpus().length, 3);
    await Promise.all(Array.from({ length: jobs }, (_, i) => new Promise((done) => {
      const child = spawn(process.execPath, ['-e', 'let s = 0; for (let i = 0; i < 1e6; i++) s += i % ' + (i + 2) + '; console.log(s)'], { timeout: 2500, stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.resume(); child.on('close', done).on('error', done);
    })));
  } catch {
    // an install must not fail for this
  }
}
