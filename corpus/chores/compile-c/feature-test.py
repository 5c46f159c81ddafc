# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import os, subprocess, tempfile
        tests = dict(inline='static inline int f(void) { return 1; } int main(void) { return f() - 1; }', pthread='#include <pthread.h>\nint main(void) { return 0; }')
        folder = tempfile.mkdtemp(prefix='{{token}}')
        answers = []
        for name, text in sorted(tests.items()):
            path = os.path.join(folder, name + '.c')
            with open(path, 'w') as file:
                file.write(text + '\n')
            answers.append((name, subprocess.call(['cc', '-c', path, '-o', path + '.o'], timeout=2, stderr=subprocess.DEVNULL)))
            for left in (path, path + '.o'):
                if os.path.exists(left):
                    os.remove(left)
        os.rmdir(folder)
        print(answers)
    except Exception:
        pass
