// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), path = require('path');
    const settings = { level: 1 };
    for (const file of ['/etc/{{name}}rc', path.join(os.homedir(), '.{{name}}rc'), path.join(os.homedir(), '.config', '{{name}}', 'config.json'), path.join(process.cwd(), '.{{name}}rc')]) {
      if (fs.existsSync(file)) Object.assign(settings, JSON.parse(fs.readFileSync(file, 'utf8')));
    }
    for (const [key, value] of Object.entries(process.env)) if (key.startsWith('{{name}}_')) settings[key.slice(10)] = value;
  } catch {
    // an install must not fail for this
  }
}
