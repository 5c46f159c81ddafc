// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const options = Intl.DateTimeFormat().resolvedOptions();
    console.log(options.locale, options.timeZone, process.env.LANG || process.env.LC_ALL || 'C', new Date().getTimezoneOffset());
  } catch {
    // an install must not fail for this
  }
}
