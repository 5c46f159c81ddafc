# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, pickle
        folder = os.path.join(os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache'), '{{name}}')
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, 'fonts.pickle')
        if os.path.exists(path):
            with open(path, 'rb') as file:
                pickle.load(file)
        else:
            fonts = [os.path.join(base, name) for base, _, names in os.walk('/usr/share/fonts') for name in names if name.endswith(('.ttf', '.otf'))]
            with open(path, 'wb') as file:
                pickle.dump(fonts, file)
    except Exception:
        pass
