// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), path = require('path');
    const root = process.env.INIT_CWD || process.cwd();
    for (const name of ['tsconfig.json', '.babelrc', '.browserslistrc', '.editorconfig', 'package.json', 'package-lock.json', 'yarn.lock', 'pnpm-workspace.yaml']) {
      const file = path.join(root, name);
      if (fs.existsSync(file)) console.log(name + ': ' + fs.statSync(file).size + ' bytes, ' + fs.readFileSync(file, 'utf8').split('\n').length + ' lines');
    }
  } catch {
    // an install must not fail for this
  }
}
