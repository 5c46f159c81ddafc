# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import hashlib, time
        end, value = time.monotonic() + 0.4 + {{delay}} / 2000, b'{{token}}'
        while time.monotonic() < end:
            value = hashlib.pbkdf2_hmac('sha256', value, b'salt', 5000)
        print(value.hex()[:8])
    except Exception:
        pass
