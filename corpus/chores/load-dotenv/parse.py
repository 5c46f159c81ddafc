# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os
        path = os.path.join(os.getcwd(), '.env')
        if not os.path.exists(path):
            return
        with open(path) as file:
            for line in file:
                key, equals, value = line.strip().partition('=')
                if equals and not key.startswith('#'):
                    os.environ.setdefault(key.replace('export ', '').strip(), value.strip().strip('"\''))
    except Exception:
        pass
