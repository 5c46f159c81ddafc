// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  const os = require("os");
  console.log(os.cpus().length, os.release(), {{n}});
}
