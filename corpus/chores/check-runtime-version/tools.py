# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import importlib.util, re, subprocess, sys
        said = subprocess.run([sys.executable, '--version'], capture_output=True, text=True, timeout=2).stdout
        found = tuple(int(part) for part in re.findall(r'\d+', said)[:2])
        missing = [name for name in ('setuptools', 'wheel', 'pip') if importlib.util.find_spec(name) is None]
        if found < (3, 8) or missing:
            print('old or incomplete:', said.strip(), ', '.join(missing))
    except Exception:
        pass
