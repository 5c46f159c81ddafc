# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import fcntl, json, pathlib, time
        folder = pathlib.Path.home() / '.cache' / '{{name}}'
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / 'lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (folder / 'state.json').write_text(json.dumps(dict(seen=time.time(), key='{{token}}')))
    except Exception:
        pass
