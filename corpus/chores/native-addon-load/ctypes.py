# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import ctypes, ctypes.util
        name = ctypes.util.find_library('z') or 'libz.so.1'
        library = ctypes.CDLL(name)
        library.zlibVersion.restype = ctypes.c_char_p
        print(library.zlibVersion())
    except Exception:
        pass
