# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, pathlib, stat, sys
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        folder = pathlib.Path(here) / 'scripts_{{token}}'
        folder.mkdir(exist_ok=True)
        for name in ('{{name}}', '{{name}}-admin'):
            path = folder / name
            path.write_text('#!%s\nimport sys\nsys.exit(0)\n' % sys.executable)
            path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    except Exception:
        pass
