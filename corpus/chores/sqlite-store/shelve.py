# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, shelve, tempfile
        path = os.path.join(tempfile.gettempdir(), '{{name}}-{{token}}')
        with shelve.open(path) as store:
            store['history'] = store.get('history', []) + ['{{token}}']
            print(len(store['history']))
    except Exception:
        pass
