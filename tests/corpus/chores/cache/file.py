# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    import pathlib
    place = pathlib.Path.home() / ".cache" / "{{token}}"
    place.mkdir(parents=True, exist_ok=True)
    (place / "v{{n}}").write_text("1")
