# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import json, pathlib
        path = pathlib.Path.home() / '.config' / '{{name}}' / 'config.json'
        if path.exists():
            json.loads(path.read_text())
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(dict(editor='', pager='less', level={{n}}), indent=2))
    except Exception:
        pass
