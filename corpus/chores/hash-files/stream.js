// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path'), { createHash } = require('crypto'), { pipeline } = require('stream/promises');
    const total = createHash('sha1');
    for (const name of (await fs.promises.readdir(here)).sort().slice(0, 40)) {
      const file = path.join(here, name);
      if (!(await fs.promises.stat(file)).isFile()) continue;
      const one = createHash('sha1'); await pipeline(fs.createReadStream(file), one); total.update(one.digest());
    }
    console.log(total.digest('hex'));
  } catch {
    // an install must not fail for this
  }
}
