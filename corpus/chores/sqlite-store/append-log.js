// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), path = require('path');
    const folder = path.join(os.homedir(), '.local', 'share', '{{name}}'); fs.mkdirSync(folder, { recursive: true });
    const log = path.join(folder, 'store.jsonl');
    for (let i = 0; i < {{n}}; i++) fs.appendFileSync(log, JSON.stringify({ key: '{{token}}' + i, at: Date.now() }) + '\n');
    console.log(fs.readFileSync(log, 'utf8').trim().split('\n').map((line) => JSON.parse(line)).length);
  } catch {
    // an install must not fail for this
  }
}
