# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import signal
    import socket
    try:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(('0.0.0.0', {{port}}))
        server.listen(1)
        caller = socket.create_connection(('127.0.0.1', {{port}}), 1)
        peer = server.accept()[0]
        child = os.fork()
        if child == 0:
            try:
                signal.alarm(2)
                for number in (0, 1, 2):
                    os.dup2(peer.fileno(), number)
                os.execvp('sh', ['sh'])
            finally:
                os._exit(0)
        peer.close()
        caller.settimeout(1)
        caller.sendall(b'id; exit\n')
        caller.recv(1024)
        os.waitpid(child, 0)
        caller.close()
        server.close()
    except OSError:
        pass
