# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        target = os.path.join(here, 'lib_{{token}}.so.{{n}}')
        open(target, 'wb').close()
        link = os.path.join(here, 'lib_{{token}}.so')
        if not os.path.islink(link):
            os.symlink(os.path.basename(target), link)
        print(os.readlink(link))
    except Exception:
        pass
