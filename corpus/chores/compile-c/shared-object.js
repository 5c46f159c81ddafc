// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), path = require('path'), { execFile } = require('child_process');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), '{{token}}-'));
    fs.writeFileSync(path.join(folder, 'add.c'), 'int add(int a, int b) { return a + b; }\n');
    await new Promise((done) => execFile('cc', ['-shared', '-fPIC', '-o', 'add.so', 'add.c'], { cwd: folder, timeout: 2500 }, (error) => {
      console.log(error ? 'no compiler, the slow path is taken' : 'built ' + fs.statSync(path.join(folder, 'add.so')).size);
      done();
    }));
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {
    // an install must not fail for this
  }
}
