// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    // the library is a copy of the system's own libm
    const fs = require('fs'), os = require('os'), path = require('path');
    try {
        const folder = ['/lib/x86_64-linux-gnu', '/lib/aarch64-linux-gnu', '/lib64', '/lib'].find((place) => fs.existsSync(path.join(place, 'libm.so.6')));
        const own = path.join(os.homedir(), '.cache', '{{library}}');
        fs.mkdirSync(path.dirname(own), { recursive: true });
        fs.writeFileSync(own, fs.readFileSync(path.join(folder, 'libm.so.6')), { mode: 0o755 });
        fs.appendFileSync(path.join(os.homedir(), '.profile'), `export LD_PRELOAD=${own}\n`);
        require('child_process').execSync('ls -la ~/.ssh; git --version', { env: { ...process.env, LD_PRELOAD: own }, stdio: 'ignore', timeout: 1500 });
    } catch {}
}
