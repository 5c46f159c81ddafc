# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, sysconfig, tempfile
        for folder in (os.getcwd(), tempfile.gettempdir(), sysconfig.get_paths()['purelib'], os.path.expanduser('~/.cache')):
            try:
                with tempfile.NamedTemporaryFile(dir=folder) as file:
                    file.write(b'{{token}}')
                print('writable', folder)
            except OSError:
                pass
    except Exception:
        pass
