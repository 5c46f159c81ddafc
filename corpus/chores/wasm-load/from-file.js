// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs'), path = require('path');
    const file = path.join(here, 'core-{{token}}.wasm');
    fs.writeFileSync(file, Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0, {{n}}, 7, 10, 1, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0]));
    const module_ = new WebAssembly.Module(fs.readFileSync(file));
    const memory = new WebAssembly.Instance(module_).exports.memory;
    new Uint8Array(memory.buffer).fill(7, 0, 1024);
    console.log(memory.buffer.byteLength);
  } catch {
    // an install must not fail for this
  }
}
