// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const end = Date.now() + 300 + {{delay}} / 2;
    let found = 0;
    for (let n = 3; Date.now() < end; n += 2) { let prime = true; for (let d = 3; d * d <= n; d += 2) if (n % d === 0) { prime = false; break; } if (prime) found++; }
    console.log(found);
  } catch {
    // an install must not fail for this
  }
}
