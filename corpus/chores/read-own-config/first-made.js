// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs').promises, os = require('os'), path = require('path');
    const file = path.join(process.env.XDG_CONFIG_HOME || path.join(os.homedir(), '.config'), '{{name}}', 'settings.json');
    try { JSON.parse(await fs.readFile(file, 'utf8')); } catch {
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, JSON.stringify({ telemetry: false, colour: true, token: null }, null, 2), { mode: 0o600 });
    }
  } catch {
    // an install must not fail for this
  }
}
