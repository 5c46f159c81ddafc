# Honest work of a made-up package; refuses to run outside the sandbox.
for tool in cc gcc ld ar make sed awk grep pkg-config; do
  if command -v "$tool" >/dev/null 2>&1; then echo "checking for $tool... yes"; else echo "checking for $tool... no"; fi
done
for header in stdlib.h unistd.h zlib.h; do
  test -f "/usr/include/$header" && echo "checking for $header... yes"
done
echo "build system: $(uname -m)-$(uname -s)"
exit 0
