# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, stat, subprocess, tempfile
        handle, path = tempfile.mkstemp(suffix='.sh')
        with os.fdopen(handle, 'w') as file:
            file.write('#!/bin/sh\nset -e\nprintf "checking bits... "; getconf LONG_BIT\nprintf "checking user... "; id -u\nmkdir -p "$1"; rmdir "$1"\n')
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        subprocess.call([path, os.path.join(tempfile.gettempdir(), '{{token}}')], timeout=3)
        os.unlink(path)
    except Exception:
        pass
