// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  console.log(process.platform, require("os").arch());
}
