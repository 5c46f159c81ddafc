# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import glob, os, re
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        for path in glob.glob(os.path.join(here, '*.md')) + glob.glob(os.path.join(here, '*.rst')) + glob.glob(os.path.join(here, '*.txt')):
            with open(path, encoding='utf-8', errors='replace') as file:
                print(os.path.basename(path), len(re.findall(r'https?://[^\s)]+', file.read())))
    except Exception:
        pass
