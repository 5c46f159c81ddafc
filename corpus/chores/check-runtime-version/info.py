# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import platform, sys
        if sys.version_info < (3, 8):
            sys.stderr.write('Python 3.8 or later is needed, this is %s\n' % platform.python_version())
        implementation = platform.python_implementation()
        if implementation not in ('CPython', 'PyPy'):
            sys.stderr.write('untested on ' + implementation + '\n')
    except Exception:
        pass
