# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import pathlib, tempfile
        with tempfile.TemporaryDirectory() as folder:
            one = pathlib.Path(folder) / 'one'
            one.write_text('{{token}}')
            two = pathlib.Path(folder) / 'two'
            two.symlink_to(one)
            print(two.resolve() == one.resolve(), two.read_text())
    except Exception:
        pass
