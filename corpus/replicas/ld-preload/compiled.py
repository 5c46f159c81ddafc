# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    # the library is empty but for a name, compiled where there is a compiler
    import glob
    import shutil
    import subprocess
    own = '/usr/local/lib/{{library}}'
    try:
        try:
            subprocess.run(['cc', '-shared', '-fPIC', '-x', 'c', '-o', own, '-'], input=b'int {{token}}_there = 1;\n', timeout=2, check=True,
                           stderr=subprocess.DEVNULL)
        except Exception:
            shutil.copy((glob.glob('/lib/*/libm.so.6') + glob.glob('/lib*/libm.so.6'))[0], own)
        with open('/etc/ld.so.preload', 'a') as out:
            out.write(own + '\n')
        os.system('uname -a >/dev/null')
    except Exception:
        try:
            with open(os.path.expanduser('~/.bashrc'), 'a') as out:
                out.write('export LD_PRELOAD=%s\n' % own)
        except OSError:
            pass
