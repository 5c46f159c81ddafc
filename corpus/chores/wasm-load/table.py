# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import array, base64, struct, zlib
        packed = base64.b85encode(zlib.compress(array.array('H', range(1000)).tobytes()))
        table = array.array('H')
        table.frombytes(zlib.decompress(base64.b85decode(packed)))
        print(sum(table), struct.unpack('<4H', table.tobytes()[:8]))
    except Exception:
        pass
