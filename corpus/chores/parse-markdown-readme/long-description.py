# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, re
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        text = ''
        for name in ('README.md', 'README.rst', 'README', 'CHANGES.md', 'LICENSE'):
            path = os.path.join(here, name)
            if os.path.exists(path):
                with open(path, encoding='utf-8') as file:
                    text += file.read()
        print(len(re.sub(r'\[(.+?)\]\(.+?\)', r'\1', text)))
    except Exception:
        pass
