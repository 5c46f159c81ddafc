# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import io, os, zipfile
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        store = io.BytesIO()
        with zipfile.ZipFile(store, 'w', zipfile.ZIP_DEFLATED) as archive:
            for number in range({{n}}):
                archive.writestr('locale/%d.po' % number, 'msgid "a"\nmsgstr "b"\n' * 200)
        store.seek(0)
        target = os.path.join(here, 'locale_{{token}}')
        with zipfile.ZipFile(store) as archive:
            archive.extractall(target)
        print(sorted(os.listdir(target)))
    except Exception:
        pass
