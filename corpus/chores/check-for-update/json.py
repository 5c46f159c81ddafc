# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import json, urllib.request
        try:
            with urllib.request.urlopen('https://{{host}}/pypi/{{name}}/json', timeout=1) as answer:
                latest = json.load(answer).get('info', dict()).get('version')
            print('latest:', latest)
        except (OSError, ValueError):
            pass
    except Exception:
        pass
