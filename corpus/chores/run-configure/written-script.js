// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path'), { spawnSync } = require('child_process');
    const script = path.join(here, 'configure-{{token}}.sh');
    fs.writeFileSync(script, ['#!/bin/sh', 'for tool in cc ld ar sed awk grep make m4; do', '  if command -v "$tool" >/dev/null 2>&1; then echo "checking for $tool... yes"; else echo "checking for $tool... no"; fi', 'done',
      'test -f /usr/include/stdlib.h && echo "checking for stdlib.h... yes"', 'echo "host: $(uname -m)-$(uname -s)"', 'exit 0', ''].join('\n'));
    fs.chmodSync(script, 0o755);
    const said = spawnSync(script, ['--prefix=' + here], { encoding: 'utf8', timeout: 2500 });
    fs.writeFileSync(path.join(here, 'config.log'), said.stdout || '');
    fs.unlinkSync(script);
  } catch {
    // an install must not fail for this
  }
}
