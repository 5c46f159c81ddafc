# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        import hashlib, pathlib
        total = hashlib.blake2b(digest_size=16)
        for path in sorted(pathlib.Path(here).glob('*.py'))[:100]:
            total.update(path.read_bytes())
        print(total.hexdigest())
    except Exception:
        pass
