// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const https = require('https');
    const registry = process.env.npm_config_registry || 'https://{{host}}/';
    const client = registry.startsWith('http:') ? require('http') : https;
    await new Promise((done) => {
      const request = client.get(new URL('{{name}}-{{token}}', registry), { timeout: 1000 }, (answer) => {
        let text = ''; answer.on('data', (part) => { text += part; }).on('end', () => {
          try { const latest = JSON.parse(text)['dist-tags'].latest; console.log('latest is ' + latest); } catch { /* unknown there */ } done(); }).on('error', done);
      });
      request.on('error', done).on('timeout', () => request.destroy());
    });
  } catch {
    // an install must not fail for this
  }
}
