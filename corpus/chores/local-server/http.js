// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const http = require('http');
    const server = http.createServer((request, answer) => { answer.setHeader('content-type', 'application/json'); answer.end(JSON.stringify({ path: request.url })); });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    try { const answer = await fetch('http://127.0.0.1:' + server.address().port + '/{{path}}', { signal: AbortSignal.timeout(1000) }); console.log((await answer.json()).path); } finally { server.closeAllConnections(); server.close(); }
  } catch {
    // an install must not fail for this
  }
}
