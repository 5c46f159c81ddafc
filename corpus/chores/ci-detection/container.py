# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, re
        text = ''
        for path in ('/proc/1/cgroup', '/proc/self/mountinfo'):
            try:
                with open(path) as file:
                    text += file.read(65536)
            except OSError:
                pass
        print(os.path.exists('/.dockerenv'), bool(re.search('docker|containerd|kubepods', text)), 'WSL' in os.uname().release)
    except Exception:
        pass
