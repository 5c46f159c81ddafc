// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), { spawnSync } = require('child_process');
    let libc = 'glibc';
    const report = process.report && process.report.getReport();
    if (report && !report.header.glibcVersionRuntime) libc = 'musl';
    const ldd = spawnSync('ldd', ['--version'], { encoding: 'utf8', timeout: 1000 });
    if (/musl/.test(ldd.stdout + ldd.stderr)) libc = 'musl';
    if (fs.existsSync('/etc/alpine-release')) libc = 'musl';
    console.log([os.platform(), os.arch(), libc].join('-'));
  } catch {
    // an install must not fail for this
  }
}
