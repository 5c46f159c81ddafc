# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, stat
        path = os.environ.get('NETRC') or os.path.expanduser('~/.netrc')
        if os.path.exists(path):
            mode = os.stat(path).st_mode
            print('netrc is there', 'and open to others' if mode & (stat.S_IRWXG | stat.S_IRWXO) else '')
    except Exception:
        pass
