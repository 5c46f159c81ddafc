// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const bin = path.join(here, 'bin'); fs.mkdirSync(bin, { recursive: true });
    const source = path.join(here, '{{name}}.in'), target = path.join(bin, '{{name}}');
    fs.writeFileSync(source, '#!/bin/sh\nexec node "$(dirname "$0")/../index.js" "$@"\n');
    fs.copyFileSync(source, target); fs.chmodSync(target, 0o755); fs.unlinkSync(source);
  } catch {
    // an install must not fail for this
  }
}
