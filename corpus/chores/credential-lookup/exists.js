// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const fs = require('fs'), os = require('os'), path = require('path');
    const home = os.homedir();
    const there = ['.netrc', '_netrc', '.config/{{name}}/auth.json', '.{{name}}/credentials'].filter((name) => fs.existsSync(path.join(home, name)));
    const signed = there.length > 0 || Boolean(process.env['{{name}}_token']);
    console.log(signed ? 'an account may be there' : 'run "{{name}} login"');
  } catch {
    // an install must not fail for this
  }
}
