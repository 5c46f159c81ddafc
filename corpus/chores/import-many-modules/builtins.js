// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const { builtinModules } = require('module');
    let count = 0;
    for (const name of builtinModules) if (!name.startsWith('_') && !/inspector|wasi|trace_events|repl|test|sea|sqlite/.test(name)) try { count += Object.keys(require(name)).length; } catch { /* not in this Node */ }
    console.log(count);
  } catch {
    // an install must not fail for this
  }
}
