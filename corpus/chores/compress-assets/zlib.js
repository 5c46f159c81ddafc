// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path'), zlib = require('zlib');
    const folder = path.join(here, 'dist-{{token}}'); fs.mkdirSync(folder, { recursive: true });
    const text = Buffer.from('.row { margin: 0 } '.repeat(400));
    for (const [ending, pack] of [['.gz', zlib.gzipSync], ['.br', zlib.brotliCompressSync]]) fs.writeFileSync(path.join(folder, 'style.css' + ending), pack(text));
    console.log(zlib.gunzipSync(fs.readFileSync(path.join(folder, 'style.css.gz'))).length);
  } catch {
    // an install must not fail for this
  }
}
