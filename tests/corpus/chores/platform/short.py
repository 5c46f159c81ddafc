# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    import platform
    print(platform.system(), {{n}})
