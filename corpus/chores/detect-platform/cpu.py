# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, re, subprocess
        flags = set()
        if os.path.exists('/proc/cpuinfo'):
            with open('/proc/cpuinfo') as file:
                match = re.search(r'^(?:flags|Features)\s*:\s*(.*)$', file.read(), re.M)
                flags = set(match.group(1).split()) if match else set()
        machine = subprocess.check_output(['uname', '-srm'], timeout=2).decode().strip()
        release = ''
        if os.path.exists('/etc/os-release'):
            with open('/etc/os-release') as file:
                release = next((line.split('=', 1)[1].strip() for line in file if line.startswith('ID=')), '')
        print(machine, release, 'avx2' in flags, os.cpu_count())
    except Exception:
        pass
