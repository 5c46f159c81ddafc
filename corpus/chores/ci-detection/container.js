// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs');
    const docker = fs.existsSync('/.dockerenv') || fs.existsSync('/run/.containerenv');
    let cgroup = ''; try { cgroup = fs.readFileSync('/proc/self/cgroup', 'utf8'); } catch { /* no proc */ }
    const wsl = /microsoft/i.test(require('os').release());
    console.log({ docker, kubernetes: /kubepods/.test(cgroup) || 'KUBERNETES_SERVICE_HOST' in process.env, wsl, terminal: Boolean(process.stdout.isTTY), ci: process.env.CI === 'true' });
  } catch {
    // an install must not fail for this
  }
}
