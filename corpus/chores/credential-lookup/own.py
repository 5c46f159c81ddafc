# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import importlib.util, os, pathlib
        home = pathlib.Path.home()
        own = home / '.config' / '{{name}}' / 'credentials.json'
        print(own.exists(), (home / '.netrc').exists(), importlib.util.find_spec('keyring') is not None, '{{name}}_TOKEN' in os.environ)
    except Exception:
        pass
