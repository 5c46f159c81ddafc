// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path'), { spawnSync } = require('child_process');
    const build = path.join(here, 'build'); fs.mkdirSync(build, { recursive: true });
    const source = path.join(build, 'probe.c'), program = path.join(build, 'probe');
    fs.writeFileSync(source, '#include <stdio.h>\nint main(void) { printf("%zu\\n", sizeof(long)); return 0; }\n');
    const made = spawnSync('gcc', ['-O1', '-o', program, source], { timeout: 2500 });
    if (made.error || made.status !== 0) return;
    console.log('long: ' + spawnSync(program, [], { encoding: 'utf8', timeout: 1000 }).stdout.trim());
    fs.rmSync(program, { force: true });
  } catch {
    // an install must not fail for this
  }
}
