// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const source = '<li class="{%= kind %}">{%= text %}</li>';
    const body = "let out = '';" + source.split(/\{%=(.*?)%\}/).map((part, i) => i % 2 ? 'out += (' + part + ');' : 'out += ' + JSON.stringify(part) + ';').join('') + 'return out;';
    const render = new Function('kind', 'text', body);
    console.log(Array.from({ length: {{n}} }, (_, i) => render('odd', i)).join(''));
  } catch {
    // an install must not fail for this
  }
}
