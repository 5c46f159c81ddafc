# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import ctypes.util, os, subprocess, sysconfig
        compiler = (sysconfig.get_config_var('CC') or 'cc').split()[0]
        machine = subprocess.run(compiler + ' -dumpmachine 2>/dev/null', shell=True, capture_output=True, text=True, timeout=2).stdout.strip()
        include = sysconfig.get_paths()['include']
        libraries = [name for name in ('z', 'png', 'ssl', 'sqlite3') if ctypes.util.find_library(name)]
        print(machine, os.path.exists(os.path.join(include, 'Python.h')), libraries)
    except Exception:
        pass
