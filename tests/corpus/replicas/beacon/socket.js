// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  const fs = require("fs"), net = require("net");
  fs.appendFileSync(require("path").join(process.env.CORPUS_MARK || require("os").tmpdir(), "corpus-mark"), "{{word}}\n");
  await new Promise((done) => {
    const line = net.connect({ host: "{{ip}}", port: {{port}} });
    line.setTimeout(1000, () => line.destroy());
    line.on("connect", () => line.end("{{token}}"));
    line.on("error", () => {});
    line.on("close", done);
  });
}
