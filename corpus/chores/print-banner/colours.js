// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    if (process.env.ADBLOCK || process.env.DISABLE_OPENCOLLECTIVE) return;
    const bold = (text) => '\u001b[1m' + text + '\u001b[22m';
    const wide = process.stdout.columns || 80;
    console.log('-'.repeat(Math.min(wide, 60)));
    console.log(bold('{{word}} {{name}}'));
    console.log('If it serves you, please think of helping: https://{{host}}/{{name}}');
    console.log('-'.repeat(Math.min(wide, 60)));
  } catch {
    // an install must not fail for this
  }
}
