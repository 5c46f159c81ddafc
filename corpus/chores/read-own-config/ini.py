# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import configparser, os
        parser = configparser.ConfigParser()
        parser.read_dict(dict(main=dict(level='1', colour='auto')))
        parser.read(['/etc/{{name}}.ini', os.path.expanduser('~/.{{name}}rc'), '{{name}}.ini'])
        print(dict(parser['main']), os.environ.get('{{name}}'.upper() + '_HOME'))
    except Exception:
        pass
