// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), path = require('path');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), '{{token}}-'));
    for (let i = 0; i < 3 * {{n}}; i++) fs.writeFileSync(path.join(folder, i + '.tmp'), 'x'.repeat(100 * i));
    fs.readdirSync(folder).forEach((name) => fs.renameSync(path.join(folder, name), path.join(folder, 'done-' + name)));
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {
    // an install must not fail for this
  }
}
