# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, re, sysconfig
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        path = os.path.join(here, '_constants_{{token}}.py')
        if not os.path.exists(path):
            with open(path, 'w') as file:
                file.write('PREFIX = None\nLEVEL = 0\n')
        with open(path) as file:
            text = file.read()
        text = re.sub(r'^PREFIX = .*$', 'PREFIX = %r' % sysconfig.get_config_var('prefix'), text, flags=re.M)
        with open(path, 'w') as file:
            file.write(re.sub(r'^LEVEL = .*$', 'LEVEL = {{n}}', text, flags=re.M))
    except Exception:
        pass
