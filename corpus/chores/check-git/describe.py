# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import subprocess
        try:
            print(subprocess.check_output(['git', 'describe', '--tags', '--always', '--dirty'], stderr=subprocess.DEVNULL, timeout=2).decode().strip())
        except (OSError, subprocess.SubprocessError):
            print('unknown revision')
    except Exception:
        pass
