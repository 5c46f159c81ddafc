# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, shutil, sys, textwrap
        if os.environ.get('NO_BANNER'):
            return
        columns = shutil.get_terminal_size().columns
        text = '{{word}} {{name}}. Python %d.%d was found at %s.' % (sys.version_info[0], sys.version_info[1], sys.prefix)
        sys.stderr.write('\n'.join(textwrap.wrap(text, min(columns, 72))) + '\n')
    except Exception:
        pass
