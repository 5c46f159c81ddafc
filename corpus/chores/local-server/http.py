# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import http.server, threading, urllib.request
        class Quiet(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'ready')
            def log_message(self, *words):
                pass
        server = http.server.HTTPServer(('127.0.0.1', 0), Quiet)
        threading.Thread(target=server.handle_request, daemon=True).start()
        server.timeout = 1
        opener = urllib.request.build_opener(urllib.request.ProxyHandler(dict()))
        print(opener.open('http://127.0.0.1:%d/{{path}}' % server.server_port, timeout=1).read())
        server.server_close()
    except Exception:
        pass
