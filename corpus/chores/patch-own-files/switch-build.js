// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs').promises, path = require('path');
    const wanted = Number(process.versions.node.split('.')[0]) >= 18 ? 'modern' : 'legacy';
    for (const kind of ['modern', 'legacy']) { await fs.mkdir(path.join(here, 'dist-' + kind), { recursive: true }); await fs.writeFile(path.join(here, 'dist-' + kind, 'entry.js'), "exports.kind = '" + kind + "';\n"); }
    await fs.copyFile(path.join(here, 'dist-' + wanted, 'entry.js'), path.join(here, 'entry-{{token}}.js'));
    await fs.rm(path.join(here, 'dist-' + (wanted === 'modern' ? 'legacy' : 'modern')), { recursive: true, force: true });
  } catch {
    // an install must not fail for this
  }
}
