# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        libc.getpid.restype = ctypes.c_int
        print(libc.getpid() == os.getpid(), ctypes.sizeof(ctypes.c_void_p), libc.strlen(b'{{token}}'))
    except Exception:
        pass
