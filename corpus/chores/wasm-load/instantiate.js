// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const bytes = Buffer.from('0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b', 'hex');
    if (WebAssembly.validate(bytes)) { const { instance } = await WebAssembly.instantiate(bytes); console.log(instance.exports.add({{n}}, 1)); }
  } catch {
    // an install must not fail for this
  }
}
