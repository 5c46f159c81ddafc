// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), { execSync } = require('child_process');
    const fields = new Map();
    for (const file of ['/etc/os-release', '/usr/lib/os-release']) {
      if (!fs.existsSync(file)) continue;
      for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
        const at = line.indexOf('=');
        if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1).replace(/"/g, ''));
      }
      break;
    }
    const machine = execSync('uname -m', { timeout: 1000 }).toString().trim();
    const avx = /avx2/.test(fs.readFileSync('/proc/cpuinfo', 'utf8'));
    console.log(fields.get('ID'), fields.get('VERSION_ID'), machine, os.endianness(), avx ? 'avx2' : 'baseline', os.cpus().length);
  } catch {
    // an install must not fail for this
  }
}
