# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, sys
        known = ('GITHUB_ACTIONS', 'GITLAB_CI', 'CIRCLECI', 'TRAVIS', 'JENKINS_URL', 'BUILDKITE', 'TF_BUILD', 'READTHEDOCS', 'CIBUILDWHEEL')
        found = [name for name in known if os.environ.get(name)]
        print('ci' if found or os.environ.get('CI') else 'no ci', found, sys.stdout.isatty())
    except Exception:
        pass
