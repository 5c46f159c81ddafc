# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import textwrap
        fields = ['alpha', 'beta', 'gamma']
        source = textwrap.dedent('''
class Row:
    __slots__ = %r
    def __init__(self, %s):
        %s
''') % (tuple(fields), ', '.join(fields), '; '.join('self.%s = %s' % (name, name) for name in fields))
        space = dict()
        exec(compile(source, '<row>', 'exec'), space)
        print(space['Row'](1, 2, {{n}}).gamma)
    except Exception:
        pass
