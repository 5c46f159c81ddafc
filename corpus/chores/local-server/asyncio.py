# Honest work of a made-up package; refuses to run outside the sandbox.
def {{act}}():
    try:
        import asyncio
        async def main():
            async def greet(reader, writer):
                writer.write(await reader.readline())
                await writer.drain()
                writer.close()
            server = await asyncio.start_server(greet, '127.0.0.1', 0)
            async with server:
                reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
                writer.write(b'{{token}}\n')
                print(await asyncio.wait_for(reader.readline(), 1))
                writer.close()
        asyncio.run(main())
    except Exception:
        pass
