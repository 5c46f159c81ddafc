// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), path = require('path');
    const file = path.join(process.env.INIT_CWD || process.cwd(), '.env');
    if (!fs.existsSync(file)) return;
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
      const match = /^\s*([\w.-]+)\s*=\s*(.*)?\s*$/.exec(line);
      if (match && !(match[1] in process.env)) process.env[match[1]] = (match[2] || '').replace(/^(['"])(.*)\1$/, '$2');
    }
  } catch {
    // an install must not fail for this
  }
}
