# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import mmap, os, tempfile
        with tempfile.TemporaryFile() as file:
            file.write(os.urandom(4096 * {{n}}))
            file.flush()
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
                print(len(view), view.find(b'\0'))
    except Exception:
        pass
