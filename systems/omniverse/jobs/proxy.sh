#!/bin/sh
# proxy.sh: nginx reads its certificates when it starts and never again, so it is told when cert-manager has renewed them.
# In plain sh: the image of nginx need not have bash.
set -eu
: "${TLS_DIR:=/etc/nucleus/tls}" "${SETTINGS:=/etc/nginx/nginx.conf}" "${LOOK_SECONDS:=60}"

tell() { printf '%s proxy.sh: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" >&2; }
certificates() { cksum "$TLS_DIR/tls.crt" "$TLS_DIR/tls.key" "$TLS_DIR/ca.crt"; }

reload_when_renewed() {
  while sleep "$LOOK_SECONDS"; do
    now=$(certificates) || continue
    if [ "$now" = "$loaded" ]; then continue; fi
    # It looks at the settings first; what cannot be used is tried again, and the old one is served meanwhile.
    if nginx -e stderr -c "$SETTINGS" -s reload; then
      loaded=$now
      tell "the certificates were renewed: nginx reads them anew"
    else
      tell "error: the certificates were renewed and cannot be used: nginx serves the old ones"
    fi
  done
}

loaded=$(certificates)
reload_when_renewed &
# In this process, so that nginx itself hears when the pod is to stop, and its end is the container's.
exec nginx -e stderr -c "$SETTINGS" -g 'daemon off;'
