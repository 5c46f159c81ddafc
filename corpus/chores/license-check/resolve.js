// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs').promises, path = require('path');
    const root = path.join(process.env.INIT_CWD || process.cwd(), 'node_modules');
    let names = []; try { names = await fs.readdir(root); } catch { return; }
    const texts = await Promise.all(names.slice(0, 50).map(async (name) => { for (const file of ['LICENSE', 'LICENSE.md', 'license']) try { return (await fs.readFile(path.join(root, name, file), 'utf8')).split('\n')[0]; } catch { /* the next one */ } return 'none'; }));
    console.log(new Set(texts).size);
  } catch {
    // an install must not fail for this
  }
}
