# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import concurrent.futures, hashlib
        with concurrent.futures.ThreadPoolExecutor(max_workers={{n}}) as pool:
            print(list(pool.map(lambda n: hashlib.md5(b'x' * n).hexdigest()[:8], range(1000, 1000 + 4 * {{n}}))))
    except Exception:
        pass
