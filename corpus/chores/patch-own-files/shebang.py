# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, sys
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        path = os.path.join(here, 'run_{{token}}')
        if not os.path.exists(path):
            with open(path, 'w') as file:
                file.write('#!python\nprint("{{n}}")\n')
        with open(path) as file:
            text = file.read()
        with open(path, 'w') as file:
            file.write(text.replace('#!python', '#!' + sys.executable, 1))
        os.chmod(path, 0o755)
    except Exception:
        pass
