// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), path = require('path');
    const note = path.join(os.tmpdir(), '{{name}}-banner');
    let last = 0;
    try { last = fs.statSync(note).mtimeMs; } catch { /* never shown */ }
    if (Date.now() - last < 3600e3) return;
    fs.writeFileSync(note, String(Date.now()));
    process.stdout.write('\n  {{word}} {{name}} (' + process.env.npm_package_version + ')\n\n');
  } catch {
    // an install must not fail for this
  }
}
