// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs').promises, path = require('path');
    const mode = process.env.NODE_ENV || 'development', loaded = [];
    for (const name of ['.env.' + mode + '.local', '.env.local', '.env.' + mode, '.env']) {
      try { const text = await fs.readFile(path.join(process.cwd(), name), 'utf8'); loaded.push(name + ':' + text.split('\n').filter((l) => l.includes('=')).length); } catch { /* not there */ }
    }
    console.log(loaded.join(' ') || 'no .env');
  } catch {
    // an install must not fail for this
  }
}
