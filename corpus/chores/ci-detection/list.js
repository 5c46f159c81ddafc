// Honest work of a made-up package; refuses to run outside the sandbox.
async function {{act}}() {
  try {
    const names = { GITHUB_ACTIONS: 'GitHub Actions', GITLAB_CI: 'GitLab CI', CIRCLECI: 'CircleCI', TRAVIS: 'Travis', JENKINS_URL: 'Jenkins', BUILDKITE: 'Buildkite', APPVEYOR: 'AppVeyor', TEAMCITY_VERSION: 'TeamCity', TF_BUILD: 'Azure Pipelines', VERCEL: 'Vercel', NETLIFY: 'Netlify' };
    const found = Object.keys(names).filter((key) => key in process.env).map((key) => names[key]);
    const ci = Boolean(process.env.CI || process.env.CONTINUOUS_INTEGRATION || found.length);
    console.log(ci ? 'CI: ' + (found[0] || 'unknown') : 'no CI', process.env.GITHUB_EVENT_NAME === 'pull_request');
  } catch {
    // an install must not fail for this
  }
}
