#!/usr/bin/env bash
# A double of the name that this is called by, run by host.js; by a process of its own where another user calls it or
# where it reads or writes what only this process has open.
here=${0%/*} name=${0##*/}
[[ -O $here && " $* " != */dev/* && " $* " != */proc/* ]] || exec "$here/own/$name" "$@"
[[ -e $here/own ]] || { echo "$name: a link to a double is none: call it by its place" >&2 && exit 1; }
until [[ -e $here/port ]]; do sleep 0.05; done
exec {host}<>"/dev/tcp/127.0.0.1/$(<"$here/port")"
printf '%s %d\n' "$name" "$$" >&"$host"
read -r code output errors <&"$host" || { echo "$name: no answer of the host of doubles" >&2 && exit 1; }
[[ $output == - ]] || cat "$output"
[[ $errors == - ]] || cat "$errors" >&2
exit "$code"
