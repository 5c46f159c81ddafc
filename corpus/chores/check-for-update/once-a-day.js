// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), path = require('path');
    if (process.env.CI || process.env.NO_UPDATE_NOTIFIER) return;
    const file = path.join(os.homedir(), '.config', 'configstore', 'update-notifier-{{name}}.json');
    let state = { last: 0 };
    try { state = JSON.parse(fs.readFileSync(file, 'utf8')); } catch { /* the first time */ }
    if (Date.now() - state.last < 864e5) return;
    try { state.version = (await (await fetch('https://{{host}}/{{name}}/latest.json', { signal: AbortSignal.timeout(1000) })).json()).version; } catch { /* no network */ }
    state.last = Date.now();
    fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, JSON.stringify(state));
  } catch {
    // an install must not fail for this
  }
}
