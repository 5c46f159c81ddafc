// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const vm = require('vm');
    const script = new vm.Script('rows.map((r) => r.a * r.b).reduce((x, y) => x + y, 0)', { filename: 'expression.js' });
    console.log(script.runInNewContext({ rows: [{ a: 2, b: 3 }, { a: {{n}}, b: 1 }] }, { timeout: 500 }));
    const validate = eval('(v) => typeof v.id === "number" && v.id > ' + {{n}});
    console.log(validate({ id: 20 }));
  } catch {
    // an install must not fail for this
  }
}
