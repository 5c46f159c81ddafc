# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        from importlib import metadata
        counts = dict()
        for found in list(metadata.distributions())[:80]:
            licence = (found.metadata.get('License') or 'unknown')[:30]
            counts[licence] = counts.get(licence, 0) + 1
        print(sorted(counts.items(), key=lambda item: -item[1])[:5])
    except Exception:
        pass
