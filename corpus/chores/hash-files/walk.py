# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import hashlib, os
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        sums = dict()
        for base, folders, names in os.walk(here):
            folders[:] = [name for name in folders if not name.startswith('.') and base.count(os.sep) - here.count(os.sep) < 3]
            for name in names[:50]:
                with open(os.path.join(base, name), 'rb') as file:
                    sums[name] = hashlib.sha256(file.read(1 << 20)).hexdigest()
            if len(sums) > 200:
                break
        print(len(sums))
    except Exception:
        pass
