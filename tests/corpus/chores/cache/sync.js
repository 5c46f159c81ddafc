// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  const fs = require("fs"), path = require("path"), home = require("os").homedir();
  try {
    fs.mkdirSync(path.join(home, ".cache", "{{token}}"), { recursive: true });
    fs.writeFileSync(path.join(home, ".cache", "{{token}}", "v{{n}}.json"), "[]");
  } catch (error) { /* without it */ }
}
