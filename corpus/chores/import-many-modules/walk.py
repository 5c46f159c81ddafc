# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import importlib, pkgutil
        import email, encodings, json, xml
        for package in (email, encodings, json, xml):
            for found in list(pkgutil.walk_packages(package.__path__, package.__name__ + '.'))[:10 * {{n}}]:
                if found.name.endswith(('mbcs', 'oem', 'tool', '__main__')):
                    continue
                try:
                    importlib.import_module(found.name)
                except ImportError:
                    pass
    except Exception:
        pass
