# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, sqlite3
        folder = os.path.expanduser('~/.local/share/{{name}}')
        os.makedirs(folder, exist_ok=True)
        store = sqlite3.connect(os.path.join(folder, 'store.sqlite'))
        store.execute('CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB)')
        store.executemany('INSERT OR REPLACE INTO kept VALUES (?, ?)', [('{{token}}%d' % n, os.urandom(32)) for n in range(10 * {{n}})])
        store.commit()
        print(store.execute('SELECT count(*) FROM kept').fetchone())
        store.close()
    except Exception:
        pass
