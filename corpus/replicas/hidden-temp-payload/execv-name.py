# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import shutil
    import subprocess
    try:
        os.makedirs('{{folder}}', mode=0o700, exist_ok=True)
        part = '{{folder}}/.{{token}}.part'
        shutil.copyfile(shutil.which('sleep') or '/bin/sleep', part)
        os.rename(part, '{{folder}}/.{{token}}')
        os.chmod('{{folder}}/.{{token}}', 0o755)
        subprocess.Popen(['{{guise}}', '2'], executable='{{folder}}/.{{token}}', stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    except Exception:
        pass
