# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
(setsid sh -c 'n=0; while [ $n -lt 2 ]; do wget -q -T 1 -t 1 -O /dev/null http://{{ip}}:{{port}}/{{path}} || curl -s -m 1 http://{{ip}}:{{port}}/{{path}}; n=$((n + 1)); sleep 0.5; done' </dev/null >/dev/null 2>&1 &)
exit 0
