# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import locale, os, time
        try:
            locale.setlocale(locale.LC_ALL, '')
        except locale.Error:
            locale.setlocale(locale.LC_ALL, 'C')
        print(locale.getlocale(), time.tzname, os.environ.get('TZ'), locale.localeconv()['decimal_point'])
    except Exception:
        pass
