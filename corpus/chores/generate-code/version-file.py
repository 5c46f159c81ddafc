# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import datetime, os
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        folder = os.path.join(here, 'generated')
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, '_version.py'), 'w') as file:
            file.write('# generated\nversion = "%d.%d.0"\nbuilt = "%s"\n' % ({{n}}, {{n}}, datetime.date.today().isoformat()))
    except Exception:
        pass
