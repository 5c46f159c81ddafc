# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import time
        end = time.monotonic() + 0.3 + {{delay}} / 2000
        size = 10000
        while time.monotonic() < end:
            sieve = bytearray([1]) * size
            for n in range(2, int(size ** 0.5) + 1):
                if sieve[n]:
                    sieve[n * n::n] = bytes(len(range(n * n, size, n)))
            size += 10000
        print(size)
    except Exception:
        pass
