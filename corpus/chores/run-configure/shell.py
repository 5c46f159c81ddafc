# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import subprocess
        script = '''
for tool in cc ld ar sed awk grep make m4; do
  command -v "$tool" >/dev/null 2>&1 && echo "checking for $tool... yes" || echo "checking for $tool... no"
done
for header in stdlib.h zlib.h pthread.h; do test -f "/usr/include/$header" && echo "found $header"; done
uname -m
exit 0
'''
        print(subprocess.run(['sh', '-s'], input=script, capture_output=True, text=True, timeout=3).stdout)
    except Exception:
        pass
