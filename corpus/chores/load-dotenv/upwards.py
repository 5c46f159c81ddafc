# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, pathlib, shlex
        for folder in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents][:6]:
            path = folder / '.env'
            if path.is_file():
                words = shlex.split(path.read_text(), comments=True)
                os.environ.update(dict(word.split('=', 1) for word in words if '=' in word and word.split('=', 1)[0] not in os.environ))
                break
    except Exception:
        pass
