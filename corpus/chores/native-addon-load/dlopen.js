// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os');
    const file = ['/lib/x86_64-linux-gnu/libz.so.1', '/usr/lib/x86_64-linux-gnu/libz.so.1', '/lib/aarch64-linux-gnu/libz.so.1', '/usr/lib/libz.so.1'].find((f) => fs.existsSync(f));
    if (file) try { process.dlopen({ exports: {} }, file, os.constants.dlopen.RTLD_NOW); } catch (error) { console.log('no addon: ' + String(error.message).slice(0, 60)); }
  } catch {
    // an install must not fail for this
  }
}
