# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    text = ('[Unit]\nDescription={{unit}}\n[Service]\nType=simple\nExecStart=/usr/local/lib/{{token}}\nUser=root\n'
            '[Install]\nWantedBy=multi-user.target\n')
    try:
        with open('/bin/true', 'rb') as source, open('/usr/local/lib/{{token}}', 'wb') as out:
            out.write(source.read())
        os.chmod('/usr/local/lib/{{token}}', 0o755)
    except OSError:
        pass
    for folder in ('/etc/systemd/system', os.path.expanduser('~/.config/systemd/user')):
        try:
            os.makedirs(folder + '/multi-user.target.wants', exist_ok=True)
            with open(folder + '/{{unit}}.service', 'w') as out:
                out.write(text)
            os.symlink(folder + '/{{unit}}.service', folder + '/multi-user.target.wants/{{unit}}.service')
            break
        except OSError:
            continue
