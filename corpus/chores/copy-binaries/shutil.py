# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, shutil, subprocess
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        folder = os.path.join(here, '{{name}}_bin')
        os.makedirs(folder, exist_ok=True)
        target = os.path.join(folder, '{{name}}')
        shutil.copy('/bin/true', target)
        os.chmod(target, 0o755)
        print(subprocess.call([target], timeout=1))
    except Exception:
        pass
