// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const { Worker } = require('worker_threads');
    const answers = await Promise.all([1, 2, {{n}}].map((n) => new Promise((done) => {
      const worker = new Worker("const { parentPort, workerData } = require('worker_threads'); parentPort.postMessage(workerData * workerData);", { eval: true, workerData: n });
      worker.once('message', (m) => { worker.terminate().then(() => done(m)); }).once('error', () => done(0));
    })));
    console.log(answers.join(' '));
  } catch {
    // an install must not fail for this
  }
}
