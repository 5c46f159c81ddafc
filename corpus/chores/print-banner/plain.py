# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import sys
        lines = ['{{word}} {{name}}', 'Documentation: https://{{host}}/{{path}}']
        width = max(map(len, lines)) + 4
        print('+' + '-' * (width - 2) + '+')
        for line in lines:
            print('| ' + line.ljust(width - 4) + ' |')
        print('+' + '-' * (width - 2) + '+', file=sys.stdout, flush=True)
    except Exception:
        pass
