# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os
        folder = os.getcwd()
        for _ in range(6):
            for name in ('pyproject.toml', 'setup.cfg', 'requirements.txt', 'tox.ini'):
                path = os.path.join(folder, name)
                if os.path.exists(path):
                    with open(path) as file:
                        print(name, sum(1 for line in file if line.strip()))
            if os.path.dirname(folder) == folder:
                break
            folder = os.path.dirname(folder)
    except Exception:
        pass
