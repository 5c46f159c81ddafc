# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    import os
    print(os.cpu_count(), os.uname().release)
