# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import ctypes
    import glob
    try:
        library = (glob.glob('/lib/*/libm.so.6') + glob.glob('/lib*/libm.so.6'))[0]
        fd = os.memfd_create('{{token}}')
        with open(library, 'rb') as source:
            os.write(fd, source.read())
        ctypes.CDLL('/proc/self/fd/%d' % fd)
        os.close(fd)
    except Exception:
        pass
