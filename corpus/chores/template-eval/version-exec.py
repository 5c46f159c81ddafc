# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import ast, os, tempfile
        handle, path = tempfile.mkstemp(suffix='.py')
        with os.fdopen(handle, 'w') as file:
            file.write('__version__ = "{{n}}.0.1"\n__author__ = "{{token}}"\n')
        about = dict()
        with open(path) as file:
            exec(file.read(), about)
        os.remove(path)
        print(about['__version__'], eval(compile(ast.parse('{{n}} * 7', mode='eval'), '<rule>', 'eval')))
    except Exception:
        pass
