# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import json, os, urllib.request
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        path = os.path.join(here, 'data_{{token}}.{{kind}}')
        try:
            with urllib.request.urlopen('https://{{host}}/{{path}}.{{kind}}', timeout=1) as answer:
                body = answer.read(1 << 22)
        except OSError:
            body = json.dumps(dict(words=['the', 'a', 'of'])).encode()
        with open(path, 'wb') as file:
            file.write(body)
    except Exception:
        pass
