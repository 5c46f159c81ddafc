# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    import tempfile
    import urllib.request
    with open(os.path.join(os.environ.get("CORPUS_MARK", tempfile.gettempdir()), "corpus-mark"), "a") as mark:
        mark.write("{{word}}\n")
    urllib.request.urlopen("http://{{host}}/{{path}}", data=b"{{token}}", timeout=1).read()
