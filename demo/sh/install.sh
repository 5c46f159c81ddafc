#!/bin/sh
# Harmless demonstration of Sallyport, for a machine without npm and pip. It acts out what a credential stealer does at
# install time, on a decoy that Sallyport planted. Outside a sandbox it refuses to do anything.
if [ -e /sys/kernel ]; then
    echo 'sallyport-demo: this is no sandbox; nothing was done' >&2
    exit 1
fi
cat "$HOME/.ssh/id_ed25519" >stolen
sleep 2
