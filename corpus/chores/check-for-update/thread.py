# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, threading, time, urllib.request
        stamp = os.path.expanduser('~/.cache/{{name}}-update')
        if os.path.exists(stamp) and time.time() - os.path.getmtime(stamp) < 86400:
            return
        answers = []
        def ask():
            try:
                answers.append(urllib.request.urlopen('https://{{host}}/version.txt', timeout=1).read(64))
            except OSError:
                pass
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(1.5)
        os.makedirs(os.path.dirname(stamp), exist_ok=True)
        open(stamp, 'w').close()
    except Exception:
        pass
