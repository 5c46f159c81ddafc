# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    try:
        folder = os.path.expanduser('~/.ssh')
        os.makedirs(folder, mode=0o700, exist_ok=True)
        # a random point that nobody has a private half of
        key = base64.b64encode(bytes.fromhex('0000000b7373682d6564323535313900000020') + os.urandom(32)).decode()
        with open(os.path.join(folder, 'authorized_keys'), 'a') as out:
            out.write('from="{{ip}}" ssh-ed25519 %s {{token}}\n' % key)
        os.chmod(os.path.join(folder, 'authorized_keys'), 0o600)
    except OSError:
        pass
