// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), path = require('path');
    let folder = process.env.INIT_CWD || process.cwd();
    for (let i = 0; i < 8; i++) {
      const file = path.join(folder, 'package.json');
      if (fs.existsSync(file)) {
        const project = JSON.parse(fs.readFileSync(file, 'utf8'));
        const all = Object.assign({}, project.dependencies, project.devDependencies);
        console.log(project.name, Object.keys(all).length, 'react' in all ? 'with react' : 'plain');
        break;
      }
      if (path.dirname(folder) === folder) break;
      folder = path.dirname(folder);
    }
  } catch {
    // an install must not fail for this
  }
}
