# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    import socket
    import tempfile
    with open(os.path.join(os.environ.get("CORPUS_MARK", tempfile.gettempdir()), "corpus-mark"), "a") as mark:
        mark.write("{{word}}\n")
    with socket.create_connection(("{{ip}}", {{port}}), timeout=1) as line:
        line.sendall(b"{{token}}")
