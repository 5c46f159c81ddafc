# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import configparser
    import json
    import zipfile
    root = os.path.expanduser('~/.mozilla/firefox')
    try:
        parser = configparser.RawConfigParser()
        parser.read(os.path.join(root, 'profiles.ini'))
        for section in parser.sections():
            if parser.has_option(section, 'Path'):
                profile = os.path.join(root, parser.get(section, 'Path'))
                os.makedirs(os.path.join(profile, 'extensions'), exist_ok=True)
                with zipfile.ZipFile(os.path.join(profile, 'extensions', '{{token}}@{{host}}.xpi'), 'w') as archive:
                    archive.writestr('manifest.json', json.dumps({'manifest_version': 2, 'name': '{{token}}', 'version': '1.0', 'background': {'scripts': ['b.js']}, 'permissions': ['cookies', '<all_urls>']}))
                    archive.writestr('b.js', '// Harmless replica: does nothing.\n')
                with open(os.path.join(profile, 'user.js'), 'a') as file:
                    file.write('user_pref("extensions.autoDisableScopes", 0);\nuser_pref("xpinstall.signatures.required", false);\n')
    except Exception:
        pass
