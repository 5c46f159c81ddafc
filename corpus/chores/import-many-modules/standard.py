# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import importlib
        for name in 'json csv sqlite3 decimal fractions email.mime.text http.client http.server xml.etree.ElementTree logging.config unittest asyncio concurrent.futures multiprocessing ssl socket ftplib smtplib tarfile zipfile ctypes difflib inspect pydoc'.split():
            try:
                importlib.import_module(name)
            except ImportError:
                pass
    except Exception:
        pass
