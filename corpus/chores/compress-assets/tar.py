# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import base64, lzma, os, tarfile, tempfile, zlib
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, 'words.txt')
            with open(source, 'w') as file:
                file.write('alpha beta gamma\n' * 500)
            archive = os.path.join(folder, 'words.tar.gz')
            with tarfile.open(archive, 'w:gz') as out:
                out.add(source, arcname='words.txt')
            with open(archive, 'rb') as file:
                body = file.read()
            print(len(body), len(lzma.compress(body)), len(base64.b64encode(zlib.compress(body))))
    except Exception:
        pass
