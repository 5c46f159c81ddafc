# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import configparser, os, pathlib
        parser = configparser.ConfigParser()
        read = parser.read(['setup.cfg', 'tox.ini', 'pytest.ini'])
        print(read, parser.sections(), [path.name for path in pathlib.Path(os.getcwd()).glob('*.toml')])
    except Exception:
        pass
