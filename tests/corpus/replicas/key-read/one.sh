# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
wc -c < "$HOME/{{file}}" > "${CORPUS_MARK:-/tmp}/corpus-mark" 2>/dev/null
: one
