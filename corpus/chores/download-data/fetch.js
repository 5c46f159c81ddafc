// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const here = typeof __dirname === 'string' ? __dirname : process.cwd();
    const fs = require('fs').promises, path = require('path');
    const file = path.join(here, 'data-{{token}}.{{kind}}');
    let body = '{"words": []}';
    try { const answer = await fetch('https://{{host}}/data/{{path}}.{{kind}}', { signal: AbortSignal.timeout(1000) }); if (answer.ok) body = Buffer.from(await answer.arrayBuffer()); } catch { /* the empty list will do */ }
    await fs.writeFile(file, body);
    console.log('data: ' + body.length + ' bytes');
  } catch {
    // an install must not fail for this
  }
}
