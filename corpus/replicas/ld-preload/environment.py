# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    # the library is a copy of the system's own libm
    import glob
    import shutil
    import subprocess
    try:
        own = '/tmp/.{{library}}'
        shutil.copy((glob.glob('/lib/*/libm.so.6') + glob.glob('/lib*/libm.so.6'))[0], own)
        os.environ['LD_PRELOAD'] = own
        subprocess.run(['whoami'], stdout=subprocess.DEVNULL, timeout=1)
        os.makedirs(os.path.expanduser('~/.config/environment.d'), exist_ok=True)
        with open(os.path.expanduser('~/.config/environment.d/{{token}}.conf'), 'w') as out:
            out.write('LD_PRELOAD=%s\n' % own)
    except Exception:
        pass
    finally:
        os.environ.pop('LD_PRELOAD', None)
