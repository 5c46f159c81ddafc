# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import http.client, os, pathlib, zlib
        folder = pathlib.Path.home() / '.cache' / '{{token}}_data'
        folder.mkdir(parents=True, exist_ok=True)
        body = b''
        connection = http.client.HTTPSConnection('{{host}}', timeout=1)
        try:
            connection.request('GET', '/models/{{path}}.bin', headers=dict([('Accept', 'application/octet-stream')]))
            body = connection.getresponse().read(1 << 20)
        except OSError:
            body = bytes(range(256)) * {{n}}
        finally:
            connection.close()
        (folder / 'model.bin').write_bytes(zlib.compress(body))
    except Exception:
        pass
