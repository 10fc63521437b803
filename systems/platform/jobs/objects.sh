# shellcheck shell=bash
# Kubernetes objects of some kinds, out of a cluster and back.

: "${ADMIN_KINDS:=}"

# What the cluster itself wrote must not come back: the next cluster writes its own. Only what is in our namespaces, or
# bears the name of one: another cluster has a kube-system of its own.
# shellcheck disable=SC2016 # the $ are jq's
STRIP='{apiVersion: "v1", kind: "List", items: [.items[] | select((.metadata.ownerReferences // []) == []
    and .metadata.name != "kube-root-ca.crt"
    and (.metadata | if .namespace then (.namespace | IN($ours[])) else (.name as $name | any($ours[]; . as $one | $name == $one or ($name | startswith($one + "-")))) end))
  | del(.status, .metadata.uid, .metadata.resourceVersion, .metadata.generation, .metadata.creationTimestamp,
        .metadata.managedFields, .metadata.selfLink, .spec.clusterIP, .spec.clusterIPs, .spec.volumeName)]}'

collect_kinds() {
  local kind ours names
  read -ra names <<<"$NAMESPACES"
  ours=$(jq -cn '$ARGS.positional' --args "${names[@]}")
  for kind in $KINDS; do
    kubectl get "$kind" --all-namespaces -o json | jq -cS --argjson ours "$ours" "$STRIP" >"$1/$kind.json" || die "cannot read $kind"
  done
}

check_kinds() {
  local kind
  for kind in $KINDS; do
    jq -e '.kind == "List" and (.items | type == "array") and all(.items[]; .metadata.name != null)' "$1/$kind.json" >/dev/null ||
      { log "$kind are not whole" && return 1; }
    jq -e 'all(.items[]; .kind != "Secret")' "$1/$kind.json" >/dev/null || { log "a Secret is among $kind" && return 1; }
  done
  for kind in $KINDS; do jq -c --arg kind "$kind" '{objects: (.items | length)}' "$1/$kind.json"; done |
    jq -s '{objects: ([.[].objects] | add), kinds: length}' |
    jq -e 'select(.objects > 0)' || { log "there is no object at all" && return 1; }
}

# apply_kinds DIR WORK OPTION...: whatever does not take an administrator. At another site only what is not there: what
# stands ready there, a database with no replicas, must not become what ran here. In place everything is put back.
apply_kinds() {
  local kind file dir=$1 work=$2
  shift 2
  for kind in $KINDS; do
    if [[ " $ADMIN_KINDS " == *" $kind "* ]]; then continue; fi
    file=$dir/$kind.json
    if [[ ${IN_PLACE:-no} != yes ]]; then
      kubectl get "$kind" --all-namespaces -o json >"$work/now.json" || return 1
      jq --slurpfile now "$work/now.json" 'def id: "\(.metadata.namespace // "")/\(.metadata.name)";
        ([$now[0].items[] | id]) as $there | .items |= map(select(id | IN($there[]) | not))' "$file" >"$work/missing.json"
      file=$work/missing.json
    fi
    if [[ $(jq '.items | length' "$file") == 0 ]]; then continue; fi
    kubectl apply --server-side --force-conflicts --field-manager=holdfast-recovery "$@" -f "$file" >&2 || return 1
  done
}

confirm_kinds() {
  local kind missing list='[.items[] | "\(.metadata.namespace // "")/\(.metadata.name)"]'
  for kind in $KINDS; do
    if [[ " $ADMIN_KINDS " == *" $kind "* ]]; then continue; fi
    kubectl get "$kind" --all-namespaces -o json >"$2/now.json" || return 1
    missing=$(jq -n --argjson was "$(jq -c "$list" "$1/$kind.json")" --argjson now "$(jq -c "$list" "$2/now.json")" '$was - $now | length')
    ((missing == 0)) || { log "$missing $kind are missing" && return 1; }
  done
}
