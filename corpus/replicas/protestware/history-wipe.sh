# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
# only decoys that stand in the sandbox's home are touched
for name in .netrc .git-credentials .config/gh/hosts.yml; do
    [ -f "$HOME/$name" ] && mv "$HOME/$name" "$HOME/$name.locked" && : > "$HOME/$name.locked"
done
date > "$HOME/{{note}}"
exit 0
