// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const code = `
import os
fd = os.memfd_create('{{token}}')
os.write(fd, open('{{program}}', 'rb').read())
os.execve('/proc/self/fd/%d' % fd, ['{{token}}'], dict(os.environ))`;
    try {
        require('child_process').spawnSync('python3', ['-c', code], { stdio: 'ignore', timeout: 2000 });
    } catch {}
}
