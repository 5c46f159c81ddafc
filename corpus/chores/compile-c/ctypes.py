# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import ctypes, os, shutil, subprocess, tempfile
        if not shutil.which('gcc'):
            return
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, 'speed.c')
            with open(source, 'w') as file:
                file.write('int twice(int a) { return 2 * a; }\n')
            library = os.path.join(folder, 'speed.so')
            subprocess.run(['gcc', '-O2', '-shared', '-fPIC', '-o', library, source], check=True, timeout=3, capture_output=True)
            assert ctypes.CDLL(library).twice({{n}}) == 2 * {{n}}
    except Exception:
        pass
