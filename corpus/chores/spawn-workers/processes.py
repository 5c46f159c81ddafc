# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import subprocess, sys
        children = [subprocess.Popen([sys.executable, '-c', 'print(sum(k %% %d for k in range(200000)))' % (n + 2)], stdout=subprocess.PIPE) for n in range(3)]
        print([child.communicate(timeout=3)[0].strip() for child in children])
    except Exception:
        pass
