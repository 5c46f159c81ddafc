#compdef sallyport
# zsh completion of sallyport, made by 'sallyport completion zsh'
_sallyport() {
    local path='' i
    for ((i = 2; i < CURRENT; i++)); do
        case "$path ${words[i]}" in
        ' check') path='check' ;;
        ' run') path='run' ;;
        ' scan') path='scan' ;;
        ' demo') path='demo' ;;
        ' replay') path='replay' ;;
        ' doctor') path='doctor' ;;
        ' setup') path='setup' ;;
        ' explain') path='explain' ;;
        ' lookup') path='lookup' ;;
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
        'corpus records') path='corpus records' ;;
        'eval confusion') path='eval confusion' ;;
        'eval behaviour') path='eval behaviour' ;;
        'eval published') path='eval published' ;;
        'train confusion') path='train confusion' ;;
        'train behaviour') path='train behaviour' ;;
        *) continue ;;
        esac
        words=(sallyport "${(@)words[i + 1, -1]}")
        ((CURRENT -= i - 1, i = 1))
    done
    case "$path" in
    '')
        _values command \
            'check[Check packages for names made to be mistaken for another]' \
            'run[Run a command in a sandbox; what it made lands when the verdict is good]' \
            'scan[Install and load one package in a sandbox, and report; nothing lands]' \
            'demo[Install a harmless package that acts like a thief, and see it blocked]' \
            'replay[Judge a run again from its trace]' \
            'doctor[Say what this host allows, and what is lost where it does not]' \
            'setup[Give the probes their right, so that users without root have full sight]' \
            'explain[Show how two names relate, or the last run'\''s report in full]' \
            'lookup[Show what registries say of packages, and whence each field comes]' \
            'neighbours[List the nearest popular names, by each index]' \
            'index[Make, describe or verify the index of popular names]' \
            'corpus[Make harmless packages to learn behaviour from]' \
            'collect[Run many packages in sandboxes, and write what they did as a table]' \
            'eval[Measure Sallyport on labelled data]' \
            'train[Fit the models from labelled data]' \
            'help[Print the help of a command]' \
            'version[Print the version]' ;;
    'check')
        _arguments \
            '--ecosystem=[registry of bare names]:ECO:(npm pypi rubygems maven golang huggingface cargo nuget)' \
            '-e[registry of bare names]:ECO:(npm pypi rubygems maven golang huggingface cargo nuget)' \
            '--format=[what to write]:FORMAT:(text json jsonl sarif)' \
            '-f[what to write]:FORMAT:(text json jsonl sarif)' \
            '--fail-on=[exit with 1 from this severity on]:SEVERITY:(review block never)' \
            '--review=[risk from which a name is to be reviewed]:RISK:' \
            '--block=[risk from which a name is to be blocked]:RISK:' \
            '--manifest-format=[read files as this format]:ID:(package-lock package-json pom-xml go-mod gemfile-lock requirements)' \
            '-m[read files as this format]:ID:(package-lock package-json pom-xml go-mod gemfile-lock requirements)' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '--jobs=[threads for names on standard input]:N:' \
            '-j[threads for names on standard input]:N:' \
            '--offline[ask no registry\: use what was kept of its answers]' \
            '--no-metadata[judge names alone, look nothing up]' \
            '--metadata=[directory of saved answers, asked in place of the registries]:DIR:_files -/' \
            '--look-ups=[packages looked up at most; the rest stay unknown (2000)]:N:' \
            '--ranks[ask how popular packages are, third parties too]' \
            '--explain[show every signal, and what was cleared]' \
            '--filter=[model that makes a risk of name and metadata]:FILE:_files' \
            '--llm=[have an LLM read doubtful cases (chat completions)]:URL:' \
            '--llm-model=[model to ask for there]:NAME:' \
            '--quiet[say nothing where nothing was found]' \
            '-q[say nothing where nothing was found]' \
            '--color=[colour the text]:WHEN:(auto always never)' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'run')
        _arguments \
            '--net=[whom the sandbox can reach]:NET:(registry sinkhole none)' \
            '*--allow-host=[let TLS to this host through (again for more; *.example.org for all beneath)]:NAME:' \
            '--mode=[stop at the first proof, or only write down]:MODE:(enforce audit)' \
            '--probes=[watch from the kernel where it is allowed, only so, or not]:WHETHER:(auto require off)' \
            '--trace=[keep all that was seen there, for '\''sallyport replay'\'']:FILE:_files' \
            '--features=[write the features of the behaviour there]:DIR:_files -/' \
            '--no-load[do not load what is new]' \
            '--load-time=[for each package that is loaded (10 s)]:TIME:' \
            '--run-blocked[run the scripts that the manager blocks, on a layer that is thrown away]' \
            '--scratch=[where the layers lie, or '\''tmpfs'\'']:DIR:_files -/' \
            '--time=[limit of the whole run (1h)]:TIME:' \
            '--memory=[limit of memory (8G, or 3/4 of what there is)]:SIZE:' \
            '--processes=[limit of processes and threads (4096)]:N:' \
            '--file-size=[limit of one file (4G)]:SIZE:' \
            '--disk=[limit of all that is written (20G)]:SIZE:' \
            '--files=[limit of things made (2000000)]:N:' \
            '--offline[serve from what was fetched before, and ask no registry]' \
            '--no-metadata[judge names alone, look nothing up]' \
            '--no-cache[neither use nor keep what is fetched, nor results of loading]' \
            '--report=[write the report there, not to standard error]:FILE:_files' \
            '--html=[write the report as a page there, too]:FILE:_files' \
            '--policy=[findings that are allowed (sallyport.policy in the project)]:FILE:_files' \
            '--format=[of the report]:FORMAT:(text json sarif)' \
            '-f[of the report]:FORMAT:(text json sarif)' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '--model=[model that judges behaviour]:FILE:_files' \
            '--no-model[judge behaviour by the rules alone]' \
            '--verbose[list packages, loads and events too]' \
            '-v[list packages, loads and events too]' \
            '--quiet[say nothing where all is well]' \
            '-q[say nothing where all is well]' \
            '--color=[colour the text]:WHEN:(auto always never)' \
            '--fail-on=[what keeps the result from landing]:SEVERITY:(block review)' \
            '*--allow-write=[let changes there land as well (again for more)]:PATH:_files' \
            '--dry-run[land nothing]' \
            '-n[land nothing]' \
            '--diff[show what would land, and land nothing]' \
            '--land-failed[land although the command failed]' \
            '--keep-cache[land the package manager'\''s cache as well]' \
            '--help[show this help]' \
            '*:argument:' ;;
    'scan')
        _arguments \
            '--net=[whom the sandbox can reach]:NET:(registry sinkhole none)' \
            '*--allow-host=[let TLS to this host through (again for more; *.example.org for all beneath)]:NAME:' \
            '--mode=[stop at the first proof, or only write down]:MODE:(enforce audit)' \
            '--probes=[watch from the kernel where it is allowed, only so, or not]:WHETHER:(auto require off)' \
            '--trace=[keep all that was seen there, for '\''sallyport replay'\'']:FILE:_files' \
            '--features=[write the features of the behaviour there]:DIR:_files -/' \
            '--no-load[do not load what is new]' \
            '--load-time=[for each package that is loaded (10 s)]:TIME:' \
            '--run-blocked[run the scripts that the manager blocks, on a layer that is thrown away]' \
            '--scratch=[where the layers lie, or '\''tmpfs'\'']:DIR:_files -/' \
            '--time=[limit of the whole run (1h)]:TIME:' \
            '--memory=[limit of memory (8G, or 3/4 of what there is)]:SIZE:' \
            '--processes=[limit of processes and threads (4096)]:N:' \
            '--file-size=[limit of one file (4G)]:SIZE:' \
            '--disk=[limit of all that is written (20G)]:SIZE:' \
            '--files=[limit of things made (2000000)]:N:' \
            '--offline[serve from what was fetched before, and ask no registry]' \
            '--no-metadata[judge names alone, look nothing up]' \
            '--no-cache[neither use nor keep what is fetched, nor results of loading]' \
            '--report=[write the report there, not to standard error]:FILE:_files' \
            '--html=[write the report as a page there, too]:FILE:_files' \
            '--policy=[findings that are allowed (sallyport.policy in the project)]:FILE:_files' \
            '--format=[of the report]:FORMAT:(text json sarif)' \
            '-f[of the report]:FORMAT:(text json sarif)' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '--model=[model that judges behaviour]:FILE:_files' \
            '--no-model[judge behaviour by the rules alone]' \
            '--verbose[list packages, loads and events too]' \
            '-v[list packages, loads and events too]' \
            '--quiet[say nothing where all is well]' \
            '-q[say nothing where all is well]' \
            '--color=[colour the text]:WHEN:(auto always never)' \
            '--manager=[that installs it, where its form does not say]:MANAGER:(npm pip)' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'demo')
        _arguments \
            '--help[show this help]' \
            '*:argument:' ;;
    'replay')
        _arguments \
            '--format=[of the report]:FORMAT:(text json)' \
            '-f[of the report]:FORMAT:(text json)' \
            '--fail-on=[what ends with 100 or 101]:SEVERITY:(block review)' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '--model=[model that judges behaviour]:FILE:_files' \
            '--no-model[judge behaviour by the rules alone]' \
            '--verbose[list packages, loads and events too]' \
            '-v[list packages, loads and events too]' \
            '--quiet[say nothing where all is well]' \
            '-q[say nothing where all is well]' \
            '--color=[colour the text]:WHEN:(auto always never)' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'doctor')
        _arguments \
            '--format=[what to write]:FORMAT:(text json)' \
            '-f[what to write]:FORMAT:(text json)' \
            '--color=[colour the text]:WHEN:(auto always never)' \
            '--help[show this help]' \
            '*::' ;;
    'setup')
        _arguments \
            '--remove[undo it\: remove the helper]' \
            '--dry-run[say what would be done, and change nothing]' \
            '--help[show this help]' \
            '*::' ;;
    'explain')
        _arguments \
            '--ecosystem=[registry of bare names]:ECO:(npm pypi rubygems maven golang huggingface cargo nuget)' \
            '-e[registry of bare names]:ECO:(npm pypi rubygems maven golang huggingface cargo nuget)' \
            '--format=[what to write (html with --last alone)]:FORMAT:(text json html)' \
            '-f[what to write (html with --last alone)]:FORMAT:(text json html)' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '--last[show the report of the last run in full]' \
            '--html=[with --last\: write its page there]:FILE:_files' \
            '--color=[colour the text]:WHEN:(auto always never)' \
            '--help[show this help]' \
            '*:argument:' ;;
    'lookup')
        _arguments \
            '--ecosystem=[registry of bare names]:ECO:(npm pypi rubygems maven golang huggingface cargo nuget)' \
            '-e[registry of bare names]:ECO:(npm pypi rubygems maven golang huggingface cargo nuget)' \
            '--format=[what to write]:FORMAT:(text json)' \
            '-f[what to write]:FORMAT:(text json)' \
            '--save=[keep the registries'\'' answers there, for --metadata]:DIR:_files -/' \
            '--metadata=[directory of saved answers, asked in place of the registries]:DIR:_files -/' \
            '--offline[ask no registry\: use what was kept of its answers]' \
            '--ranks[ask how popular packages are, third parties too]' \
            '--brief[one line a package]' \
            '--jobs=[look-ups at once]:N:' \
            '-j[look-ups at once]:N:' \
            '--help[show this help]' \
            '*:argument:' ;;
    'neighbours')
        _arguments \
            '--ecosystem=[registry of bare names]:ECO:(npm pypi rubygems maven golang huggingface cargo nuget)' \
            '-e[registry of bare names]:ECO:(npm pypi rubygems maven golang huggingface cargo nuget)' \
            '--format=[what to write]:FORMAT:(text json)' \
            '-f[what to write]:FORMAT:(text json)' \
            '--limit=[names by each index]:N:' \
            '-n[names by each index]:N:' \
            '--by=[only by this index]:INDEX:(delimiters token-order lookalike sound stem spelling flattened identifier token-run edit-distance embedding namespace list other-ecosystem)' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '--help[show this help]' \
            '*:argument:' ;;
    'index')
        _values command \
            'build[Make an index from tables]' \
            'info[Describe an index\: its origin, sections and counts]' \
            'verify[Verify every checksum of an index]' ;;
    'index build')
        _arguments \
            '--out=[the index to write; always needed]:FILE:_files' \
            '-o[the index to write; always needed]:FILE:_files' \
            '--data=[folder with the tables, laid out as data/]:DIR:_files -/' \
            '-d[folder with the tables, laid out as data/]:DIR:_files -/' \
            '--base=[index to take from what is not given]:FILE:_files' \
            '-b[index to take from what is not given]:FILE:_files' \
            '*--trusted=[popular packages of one registry]:ECO=FILE:_files' \
            '*-t[popular packages of one registry]:ECO=FILE:_files' \
            '*--names=[all names of one registry]:ECO=FILE:_files' \
            '*-n[all names of one registry]:ECO=FILE:_files' \
            '--names-date=[when the lists of --names were taken]:DATE:' \
            '--extra=[further packages to guard, such as your own]:FILE:_files' \
            '--embedding=[subword vectors]:FILE:_files' \
            '--model=[model of the name risk]:FILE:_files' \
            '--origin=[one line on where the tables come from]:TEXT:' \
            '--quiet[do not say what is being done]' \
            '-q[do not say what is being done]' \
            '--help[show this help]' \
            '*::' ;;
    'index info')
        _arguments \
            '--format=[what to write]:FORMAT:(text json)' \
            '-f[what to write]:FORMAT:(text json)' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'index verify')
        _arguments \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'corpus')
        _values command \
            'make[Make replicas, honest twins and implants]' \
            'list[List the techniques]' \
            'records[Make up registry records of lookalikes, hostile and honest]' ;;
    'corpus make')
        _arguments \
            '--out=[folder to make\: a stand-in tree]:DIR:_files -/' \
            '-o[folder to make\: a stand-in tree]:DIR:_files -/' \
            '--corpus=[folder of techniques and chores (corpus)]:DIR:_files -/' \
            '-c[folder of techniques and chores (corpus)]:DIR:_files -/' \
            '--seed=[of all that is drawn]:N:' \
            '--replicas=[packages of each technique and ecosystem (4)]:N:' \
            '--twins=[honest packages of the same make, likewise (4)]:N:' \
            '--no-implants[put no technique into copies of real packages]' \
            '--hosts=[the real packages (hosts.tsv of the corpus)]:FILE:_files' \
            '*--technique=[only this technique; may be given again]:ID:' \
            '*-t[only this technique; may be given again]:ID:' \
            '--help[show this help]' \
            '*::' ;;
    'corpus list')
        _arguments \
            '--corpus=[folder of techniques and chores (corpus)]:DIR:_files -/' \
            '-c[folder of techniques and chores (corpus)]:DIR:_files -/' \
            '--format=[text, json or markdown]:FORMAT:(text json markdown)' \
            '-f[text, json or markdown]:FORMAT:(text json markdown)' \
            '--help[show this help]' \
            '*::' ;;
    'corpus records')
        _arguments \
            '--out=[folder to make\: pairs.tsv, and the answers of the registries in answers]:DIR:_files -/' \
            '-o[folder to make\: pairs.tsv, and the answers of the registries in answers]:DIR:_files -/' \
            '--seed=[of all that is drawn]:N:' \
            '--pairs=[how many (400)]:N:' \
            '--help[show this help]' \
            '*::' ;;
    'collect')
        _arguments \
            '--out=[the table; what it holds already is not run again]:FILE:_files' \
            '-o[the table; what it holds already is not run again]:FILE:_files' \
            '--stand-in=[packages made by '\''sallyport corpus make'\'', served as the registry'\''s]:DIR:_files -/' \
            '--answers=[what is given for downloads where the sinkhole answers (the stand-in'\''s)]:DIR:_files -/' \
            '--net=[who is answered]:NET:(drawn registry sinkhole both)' \
            '--runs=[of each package]:N:' \
            '--dependencies[a row for every package of a run that did something]' \
            '--again[run anew what Sallyport failed at]' \
            '--jobs=[runs at once, as far as memory allows]:N:' \
            '-j[runs at once, as far as memory allows]:N:' \
            '--memory=[limit of memory of each run (2G)]:SIZE:' \
            '--time=[limit of each run (3m)]:TIME:' \
            '--load-time=[for each package that is loaded (10 s)]:TIME:' \
            '--seed=[of what is drawn]:N:' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '--quiet[no progress]' \
            '-q[no progress]' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'eval')
        _values command \
            'confusion[Judge labelled pairs of names\: recall, false alarms, ROC, speed]' \
            'behaviour[Measure models of behaviour on labelled runs\: DySec'\''s tables, recall, false alarms]' \
            'published[Fit on the rows that QUT-DV25 publishes and compare with its results]' ;;
    'eval confusion')
        _arguments \
            '--format=[what to write]:FORMAT:(text json)' \
            '-f[what to write]:FORMAT:(text json)' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '*--names=[count the alarms over all names of a registry; with --signals their words are read, with --popular they are long-lived packages]:ECO=FILE:_files' \
            '*-n[count the alarms over all names of a registry; with --signals their words are read, with --popular they are long-lived packages]:ECO=FILE:_files' \
            '--signals=[instead, what metadata says of pairs\: models of this table of signals]:FILE:_files' \
            '--metadata=[instead, what the filter makes of the pairs with the answers kept in DIR]:DIR:_files -/' \
            '--made-up[there, the pairs that are made up, which count for nothing]' \
            '--popular[instead, count the alarms over the 10,000 most popular packages of npm and PyPI]' \
            '--stated[only pairs whose source states the target]' \
            '--high[only pairs of high quality]' \
            '--jobs=[threads for whole registries]:N:' \
            '-j[threads for whole registries]:N:' \
            '--folds=[parts for every fitted figure]:N:' \
            '--seed=[of the division into parts]:N:' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'eval behaviour')
        _arguments \
            '--format=[what to write]:FORMAT:(text json)' \
            '-f[what to write]:FORMAT:(text json)' \
            '--model=[judge by this model instead of fitting any]:FILE:_files' \
            '-m[judge by this model instead of fitting any]:FILE:_files' \
            '*--fresh=[with --model\: runs that it was not fitted on, the TABLEs being those it was]:TABLE:_files' \
            '--scope=[DySec'\''s features of the whole run, of the package, or both]:SCOPE:(both run package)' \
            '--folds=[parts for every fitted figure]:N:' \
            '--seed=[of the division into parts]:N:' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'eval published')
        _arguments \
            '--format=[what to write]:FORMAT:(text json)' \
            '-f[what to write]:FORMAT:(text json)' \
            '--folds=[parts for every fitted figure]:N:' \
            '--seed=[of the division into parts]:N:' \
            '--help[show this help]' \
            '*:argument:' ;;
    'train')
        _values command \
            'confusion[Fit the name risk on labelled pairs of names]' \
            'behaviour[Fit the model of behaviour on labelled runs]' ;;
    'train confusion')
        _arguments \
            '--out=[the model to write]:FILE:_files' \
            '-o[the model to write]:FILE:_files' \
            '--index=[index of the popular names]:FILE:_files' \
            '-i[index of the popular names]:FILE:_files' \
            '*--names=[all names of a registry, among which the model is to be quiet]:ECO=FILE:_files' \
            '*-n[all names of a registry, among which the model is to be quiet]:ECO=FILE:_files' \
            '--features=[write the table of features too]:FILE:_files' \
            '--signals=[what was known of pairs\: fit the benignity filter, too]:FILE:_files' \
            '--filter-out=[the filter to write]:FILE:_files' \
            '--sample=[names to draw from each list]:N:' \
            '--rounds=[times to look for what the model gets wrong]:N:' \
            '--folds=[parts for the out-of-fold figures]:N:' \
            '--seed=[of all that is drawn]:N:' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'train behaviour')
        _arguments \
            '--out=[the model to write]:FILE:_files' \
            '-o[the model to write]:FILE:_files' \
            '--kind=[of model]:KIND:(boosted forest)' \
            '-k[of model]:KIND:(boosted forest)' \
            '--false-alarms=[honest packages of 1,000 that may be blocked; ten times as many reviewed]:PER_1000:' \
            '*--with=[columns to see besides, as '\''all.own.duration'\'']:PATTERN:' \
            '*--without=[columns not to see, as '\''*.own.decoys*'\'']:PATTERN:' \
            '--folds=[parts for thresholds and figures out of fold]:N:' \
            '--seed=[of all that is drawn]:N:' \
            '--help[show this help]' \
            '*:argument:_files' ;;
    'help')
        _arguments \
            '--help[show this help]' \
            '*:argument:' ;;
    'version')
        _arguments \
            '--help[show this help]' \
            '*::' ;;
    esac
}
_sallyport "$@"
