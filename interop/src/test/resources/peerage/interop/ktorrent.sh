# KTorrent as a peer of one torrent, within a D-Bus session; says "ready" when the torrent is started,
# and "complete" when as much has come as it has (its "bytesLeft" is 0 all the time).
#
# usage: dbus-run-session -- sh ktorrent.sh HOME TORRENT INFO_HASH
export HOME="$1" XDG_RUNTIME_DIR="$1" QT_QPA_PLATFORM=offscreen
chmod 700 "$HOME"
torrent=$2
hash=$3

call() { dbus-send --session --print-reply=literal --dest=org.kde.ktorrent "$@" 2>&1; }

ktorrent --silent >&2 &
until call /core org.ktorrent.core.torrents | grep -q array; do sleep 0.2; done
call /core org.ktorrent.core.loadSilently "string:$torrent" string: >&2
until call /core org.ktorrent.core.torrents | grep -q "$hash"; do sleep 0.2; done
call /core org.ktorrent.core.start "string:$hash" >&2
echo ready
bytes() { call "/torrent/$hash" "org.ktorrent.torrent.$1" | sed 's/.*int64 //'; }
while [ "$(bytes bytesDownloaded)" -lt "$(bytes totalSize)" ]; do sleep 1; done
echo complete
wait
