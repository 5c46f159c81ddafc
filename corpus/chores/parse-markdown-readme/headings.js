// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const name = fs.readdirSync(here).find((n) => /^readme/i.test(n)); if (!name) return;
    const text = fs.readFileSync(path.join(here, name), 'utf8');
    console.log(text.split('\n').filter((line) => /^#+ /.test(line)).map((line) => line.replace(/^#+ /, '- ')).join('\n'));
  } catch {
    // an install must not fail for this
  }
}
