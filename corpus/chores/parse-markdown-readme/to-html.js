// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs').promises, path = require('path');
    let text = '# {{token}}\n\nSome *text* and `code`.\n';
    for (const name of ['README.md', 'readme.md', 'README']) try { text = await fs.readFile(path.join(here, name), 'utf8'); break; } catch { /* the next one */ }
    const html = text.replace(/&/g, '&amp;').replace(/^# (.*)$/gm, '<h1>$1</h1>').replace(/\*(.+?)\*/g, '<em>$1</em>').replace(/`(.+?)`/g, '<code>$1</code>');
    await fs.writeFile(path.join(here, 'readme-{{token}}.html'), html);
  } catch {
    // an install must not fail for this
  }
}
