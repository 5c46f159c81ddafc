# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    try:
        fd = os.memfd_create('', os.MFD_CLOEXEC)
        with open('{{program}}', 'rb') as source:
            os.write(fd, source.read())
        child = os.fork()
        if child == 0:
            try:
                os.dup2(os.open('/dev/null', os.O_WRONLY), 1)
                os.execve(fd, ['[kworker/{{n}}:0]'], {})
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.close(fd)
    except Exception:
        pass
