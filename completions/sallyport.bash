# bash completion of sallyport, made by 'sallyport completion bash'
_sallyport() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local path='' words='' files=n i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$path ${COMP_WORDS[i]}" in
        ' check') path='check' ;;
        ' run') path='run' ;;
        ' scan') path='scan' ;;
        ' demo') path='demo' ;;
        ' replay') path='replay' ;;
        ' doctor') path='doctor' ;;
        ' setup') path='setup' ;;
        ' explain') path='explain' ;;
        ' neighbours') path='neighbours' ;;
        ' index') path='index' ;;
        ' corpus') path='corpus' ;;
        ' collect') path='collect' ;;
        ' eval') path='eval' ;;
        ' train') path='train' ;;
        ' help') path='help' ;;
        ' version') path='version' ;;
        'index build') path='index build' ;;
        'index info') path='index info' ;;
        'index verify') path='index verify' ;;
        'corpus make') path='corpus make' ;;
        'corpus list') path='corpus list' ;;
        'eval confusion') path='eval confusion' ;;
        'train confusion') path='train confusion' ;;
        esac
    done
    case "$path $before" in
    'check --ecosystem' | 'check -e') COMPREPLY=($(compgen -W 'npm pypi rubygems maven golang huggingface cargo nuget' -- "$word")); return ;;
    'check --format' | 'check -f') COMPREPLY=($(compgen -W 'text json jsonl sarif' -- "$word")); return ;;
    'check --fail-on') COMPREPLY=($(compgen -W 'review block never' -- "$word")); return ;;
    'check --review') :; return ;;
    'check --block') :; return ;;
    'check --manifest-format' | 'check -m') COMPREPLY=($(compgen -W 'package-lock package-json pom-xml go-mod gemfile-lock requirements' -- "$word")); return ;;
    'check --index' | 'check -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'check --jobs' | 'check -j') :; return ;;
    'check --color') COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    'run --net') COMPREPLY=($(compgen -W 'registry sinkhole none' -- "$word")); return ;;
    'run --allow-host') :; return ;;
    'run --mode') COMPREPLY=($(compgen -W 'enforce audit' -- "$word")); return ;;
    'run --probes') COMPREPLY=($(compgen -W 'auto require off' -- "$word")); return ;;
    'run --trace') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'run --features') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'run --load-time') :; return ;;
    'run --scratch') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'run --time') :; return ;;
    'run --memory') :; return ;;
    'run --processes') :; return ;;
    'run --file-size') :; return ;;
    'run --disk') :; return ;;
    'run --files') :; return ;;
    'run --report') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'run --html') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'run --policy') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'run --format' | 'run -f') COMPREPLY=($(compgen -W 'text json sarif' -- "$word")); return ;;
    'run --index' | 'run -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'run --model') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'run --color') COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    'run --fail-on') COMPREPLY=($(compgen -W 'block review' -- "$word")); return ;;
    'run --allow-write') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'scan --net') COMPREPLY=($(compgen -W 'registry sinkhole none' -- "$word")); return ;;
    'scan --allow-host') :; return ;;
    'scan --mode') COMPREPLY=($(compgen -W 'enforce audit' -- "$word")); return ;;
    'scan --probes') COMPREPLY=($(compgen -W 'auto require off' -- "$word")); return ;;
    'scan --trace') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'scan --features') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'scan --load-time') :; return ;;
    'scan --scratch') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'scan --time') :; return ;;
    'scan --memory') :; return ;;
    'scan --processes') :; return ;;
    'scan --file-size') :; return ;;
    'scan --disk') :; return ;;
    'scan --files') :; return ;;
    'scan --report') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'scan --html') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'scan --policy') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'scan --format' | 'scan -f') COMPREPLY=($(compgen -W 'text json sarif' -- "$word")); return ;;
    'scan --index' | 'scan -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'scan --model') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'scan --color') COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    'scan --manager') COMPREPLY=($(compgen -W 'npm pip' -- "$word")); return ;;
    'replay --format' | 'replay -f') COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
    'replay --fail-on') COMPREPLY=($(compgen -W 'block review' -- "$word")); return ;;
    'replay --index' | 'replay -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'replay --model') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'replay --color') COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    'doctor --format' | 'doctor -f') COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
    'doctor --color') COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    'explain --ecosystem' | 'explain -e') COMPREPLY=($(compgen -W 'npm pypi rubygems maven golang huggingface cargo nuget' -- "$word")); return ;;
    'explain --format' | 'explain -f') COMPREPLY=($(compgen -W 'text json html' -- "$word")); return ;;
    'explain --index' | 'explain -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'explain --html') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'explain --color') COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    'neighbours --ecosystem' | 'neighbours -e') COMPREPLY=($(compgen -W 'npm pypi rubygems maven golang huggingface cargo nuget' -- "$word")); return ;;
    'neighbours --format' | 'neighbours -f') COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
    'neighbours --limit' | 'neighbours -n') :; return ;;
    'neighbours --by') COMPREPLY=($(compgen -W 'delimiters token-order lookalike sound stem spelling flattened identifier token-run edit-distance embedding namespace list other-ecosystem' -- "$word")); return ;;
    'neighbours --index' | 'neighbours -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'index build --out' | 'index build -o') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'index build --data' | 'index build -d') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'index build --base' | 'index build -b') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'index build --trusted' | 'index build -t') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'index build --names' | 'index build -n') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'index build --names-date') :; return ;;
    'index build --extra') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'index build --embedding') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'index build --model') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'index build --origin') :; return ;;
    'index info --format' | 'index info -f') COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
    'corpus make --out' | 'corpus make -o') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'corpus make --corpus' | 'corpus make -c') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'corpus make --seed') :; return ;;
    'corpus make --replicas') :; return ;;
    'corpus make --twins') :; return ;;
    'corpus make --hosts') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'corpus make --technique' | 'corpus make -t') :; return ;;
    'corpus list --corpus' | 'corpus list -c') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'corpus list --format' | 'corpus list -f') COMPREPLY=($(compgen -W 'text json markdown' -- "$word")); return ;;
    'collect --out' | 'collect -o') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'collect --stand-in') COMPREPLY=($(compgen -d -- "$word")); return ;;
    'collect --net') COMPREPLY=($(compgen -W 'drawn registry sinkhole both' -- "$word")); return ;;
    'collect --runs') :; return ;;
    'collect --jobs' | 'collect -j') :; return ;;
    'collect --memory') :; return ;;
    'collect --time') :; return ;;
    'collect --load-time') :; return ;;
    'collect --seed') :; return ;;
    'collect --index' | 'collect -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'eval confusion --format' | 'eval confusion -f') COMPREPLY=($(compgen -W 'text json' -- "$word")); return ;;
    'eval confusion --index' | 'eval confusion -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'eval confusion --names' | 'eval confusion -n') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'eval confusion --jobs' | 'eval confusion -j') :; return ;;
    'eval confusion --folds') :; return ;;
    'eval confusion --seed') :; return ;;
    'train confusion --out' | 'train confusion -o') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'train confusion --index' | 'train confusion -i') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'train confusion --names' | 'train confusion -n') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'train confusion --features') COMPREPLY=($(compgen -f -- "$word")); return ;;
    'train confusion --sample') :; return ;;
    'train confusion --rounds') :; return ;;
    'train confusion --folds') :; return ;;
    'train confusion --seed') :; return ;;
    esac
    case "$path" in
    '') words='check run scan demo replay doctor setup explain neighbours index corpus collect eval train help version --help'; files=n ;;
    'check') words='--ecosystem --format --fail-on --review --block --manifest-format --index --jobs --offline --quiet --color --help'; files=y ;;
    'run') words='--net --allow-host --mode --probes --trace --features --no-load --load-time --run-blocked --scratch --time --memory --processes --file-size --disk --files --offline --no-cache --report --html --policy --format --index --model --no-model --verbose --quiet --color --fail-on --allow-write --dry-run --diff --land-failed --keep-cache --help'; files=n ;;
    'scan') words='--net --allow-host --mode --probes --trace --features --no-load --load-time --run-blocked --scratch --time --memory --processes --file-size --disk --files --offline --no-cache --report --html --policy --format --index --model --no-model --verbose --quiet --color --manager --help'; files=y ;;
    'demo') words='--help'; files=n ;;
    'replay') words='--format --fail-on --index --model --no-model --verbose --quiet --color --help'; files=y ;;
    'doctor') words='--format --color --help'; files=n ;;
    'setup') words='--remove --dry-run --help'; files=n ;;
    'explain') words='--ecosystem --format --index --last --html --color --help'; files=n ;;
    'neighbours') words='--ecosystem --format --limit --by --index --help'; files=n ;;
    'index') words='build info verify --help'; files=n ;;
    'index build') words='--out --data --base --trusted --names --names-date --extra --embedding --model --origin --quiet --help'; files=n ;;
    'index info') words='--format --help'; files=y ;;
    'index verify') words='--help'; files=y ;;
    'corpus') words='make list --help'; files=n ;;
    'corpus make') words='--out --corpus --seed --replicas --twins --no-implants --hosts --technique --help'; files=n ;;
    'corpus list') words='--corpus --format --help'; files=n ;;
    'collect') words='--out --stand-in --net --runs --dependencies --again --jobs --memory --time --load-time --seed --index --quiet --help'; files=y ;;
    'eval') words='confusion --help'; files=n ;;
    'eval confusion') words='--format --index --names --stated --high --jobs --folds --seed --help'; files=y ;;
    'train') words='confusion --help'; files=n ;;
    'train confusion') words='--out --index --names --features --sample --rounds --folds --seed --help'; files=y ;;
    'help') words='--help'; files=n ;;
    'version') words='--help'; files=n ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    if [[ $files == y && $word != -* ]]; then
        COMPREPLY+=($(compgen -f -- "$word"))
    fi
}
complete -o filenames -F _sallyport sallyport
