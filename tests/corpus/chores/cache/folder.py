# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    import os
    os.makedirs(os.path.expanduser("~/.cache/{{token}}"), exist_ok=True)
