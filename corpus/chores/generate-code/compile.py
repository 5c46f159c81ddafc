# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, py_compile
        here = os.path.dirname(os.path.abspath(globals().get('__file__') or os.path.join(os.getcwd(), 'x')))
        folder = os.path.join(here, '{{token}}_tables')
        os.makedirs(folder, exist_ok=True)
        for number in range({{n}}):
            path = os.path.join(folder, 'table%d.py' % number)
            with open(path, 'w') as file:
                file.write('VALUES = %r\n' % [pow(number + 2, k, 257) for k in range(200)])
            py_compile.compile(path, doraise=True)
    except Exception:
        pass
