# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import io, os, platform, subprocess, tarfile, urllib.request
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        folder = os.path.join(here, '_bin')
        os.makedirs(folder, exist_ok=True)
        program = os.path.join(folder, '{{name}}')
        try:
            url = 'https://{{host}}/releases/{{n}}.0/{{name}}-%s-%s.tar.gz' % (platform.system().lower(), platform.machine())
            with urllib.request.urlopen(urllib.request.Request(url, headers=dict([('User-Agent', '{{name}}')])), timeout=1) as answer:
                body = answer.read(1 << 22)
            with tarfile.open(fileobj=io.BytesIO(body)) as archive:
                member = next(one for one in archive.getmembers() if one.isfile())
                with open(program, 'wb') as file:
                    file.write(archive.extractfile(member).read())
        except Exception:
            with open(program, 'w') as file:
                file.write('#!/bin/sh\necho {{name}} {{n}}.0 bundled\n')
        os.chmod(program, 0o755)
        print(subprocess.run([program, '--version'], capture_output=True, text=True, timeout=2).stdout)
    except Exception:
        pass
