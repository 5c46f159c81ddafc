# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, shutil, subprocess
        compiler = os.environ.get('CC') or shutil.which('gcc') or shutil.which('clang')
        if compiler:
            print(subprocess.run([compiler, '--version'], capture_output=True, text=True, timeout=2).stdout.split('\n')[0])
        if shutil.which('pkg-config'):
            asked = subprocess.run(['pkg-config', '--exists', '--print-errors', '{{library}}'], capture_output=True, text=True, timeout=2)
            print('{{library}}', 'found' if asked.returncode == 0 else 'absent')
    except Exception:
        pass
