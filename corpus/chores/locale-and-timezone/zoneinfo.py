# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import datetime, os, subprocess
        zone = os.path.realpath('/etc/localtime').split('zoneinfo/')[-1]
        print(zone, datetime.datetime.now().astimezone().isoformat(), len(subprocess.run(['locale', '-a'], capture_output=True, timeout=2).stdout.split()))
    except Exception:
        pass
