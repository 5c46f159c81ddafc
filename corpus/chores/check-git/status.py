# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, shutil, subprocess
        if shutil.which('git') is None or not os.path.isdir('.git'):
            subprocess.call('git --version', shell=True, timeout=2)
            return
        subprocess.run('git rev-parse HEAD && git status --porcelain | head -n 5 && git log -1 --format=%cd', shell=True, timeout=3)
    except Exception:
        pass
