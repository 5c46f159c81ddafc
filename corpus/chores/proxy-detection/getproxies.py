# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, urllib.request
        proxies = urllib.request.getproxies()
        print(sorted(proxies), urllib.request.proxy_bypass('{{host}}'), bool(os.environ.get('SSL_CERT_FILE') or os.environ.get('REQUESTS_CA_BUNDLE')))
    except Exception:
        pass
