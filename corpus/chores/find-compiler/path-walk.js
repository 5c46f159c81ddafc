// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), path = require('path'), { exec } = require('child_process');
    const where = (name) => (process.env.PATH || '').split(path.delimiter).map((d) => path.join(d, name)).find((f) => fs.existsSync(f));
    const tools = ['gcc', 'g++', 'make', 'python3', 'cmake', 'ninja'].map((name) => [name, where(name)]);
    await new Promise((done) => exec('gcc -dumpmachine; gcc -dumpversion; make --version | head -n 1', { timeout: 2000 }, (e, out) => { console.log(String(out)); done(); }));
    for (const [name, file] of tools) console.log(name + ': ' + (file || 'absent'));
    for (const header of ['zlib.h', 'png.h', 'sqlite3.h']) fs.existsSync('/usr/include/' + header);
  } catch {
    // an install must not fail for this
  }
}
