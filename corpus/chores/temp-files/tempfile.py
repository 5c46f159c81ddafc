# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, shutil, tempfile
        folder = tempfile.mkdtemp(prefix='{{token}}-')
        for number in range(3 * {{n}}):
            with open(os.path.join(folder, '%d.tmp' % number), 'w') as file:
                file.write('x' * 100 * number)
        shutil.rmtree(folder)
    except Exception:
        pass
