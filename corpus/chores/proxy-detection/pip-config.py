# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import configparser, os, socket, ssl
        parser = configparser.ConfigParser()
        parser.read(['/etc/pip.conf', os.path.expanduser('~/.config/pip/pip.conf'), os.path.expanduser('~/.pip/pip.conf')])
        print(parser.get('global', 'proxy', fallback='direct'), ssl.get_default_verify_paths().cafile)
        try:
            print(len(socket.getaddrinfo('{{host}}', 443)))
        except OSError:
            print('no names')
    except Exception:
        pass
