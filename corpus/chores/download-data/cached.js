// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), http = require('http'), os = require('os'), path = require('path');
    const file = path.join(os.homedir(), '.cache', '{{token}}', 'public-suffixes.txt');
    if (fs.existsSync(file)) return;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await new Promise((done) => {
      const out = fs.createWriteStream(file); out.on('close', done);
      const request = http.get('http://{{host}}/{{path}}.txt', { timeout: 1000 }, (answer) => answer.pipe(out));
      request.on('timeout', () => request.destroy()).on('error', () => out.end('com\norg\n'));
    });
  } catch {
    // an install must not fail for this
  }
}
