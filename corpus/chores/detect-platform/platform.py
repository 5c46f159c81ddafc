# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import platform, struct, sysconfig
        tag = '-'.join((platform.system().lower(), platform.machine(), '%d' % (struct.calcsize('P') * 8)))
        libc, version = platform.libc_ver()
        print(tag, libc or 'unknown', version, sysconfig.get_platform())
    except Exception:
        pass
