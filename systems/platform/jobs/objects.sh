# shellcheck shell=bash
# Kubernetes objects of some kinds, out of a cluster and back.

: "${ADMIN_KINDS:=}"
# shellcheck source=systems/platform/jobs/differences.sh
source "$JOBS_DIR/differences.sh"

# Only what is in our namespaces, bears the name of one, or gives rights to accounts of one: another cluster has a
# kube-system of its own. What the cluster itself wrote must not come back: the next cluster writes its own. A claim
# that says it is bound, and does not say to what, would count as lost.
# shellcheck disable=SC2016 # the $ are jq's
OURS='
  def named: .metadata | if .namespace then .namespace | IN($ours[])
    else .name as $name | any($ours[]; . as $one | $name == $one or ($name | startswith($one + "-"))) end;
  def bound: any(.subjects[]?; (.namespace // "" | IN($ours[])) or (.name | ltrimstr("system:serviceaccounts:") | IN($ours[])));
  def written: .kind == "ConfigMap" and (.metadata | .name == "kube-root-ca.crt" or (.name == "platform-incident" and .namespace == $own));
  def machine: IN("kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision",
    "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller", "volume.kubernetes.io/selected-node",
    "volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner");
  def stripped: del(.status, .metadata.uid, .metadata.resourceVersion, .metadata.generation, .metadata.creationTimestamp,
      .metadata.managedFields, .metadata.selfLink, .spec.volumeName)
    | if .spec.clusterIP == "None" then . else del(.spec.clusterIP, .spec.clusterIPs) end
    | if .metadata.annotations then .metadata.annotations |= with_entries(select(.key | machine | not)) else . end
    | if .metadata.annotations == {} then del(.metadata.annotations) else . end;
  def owned: (.metadata.ownerReferences // []) != [];
  def id: "\(.metadata.namespace // "")/\(.metadata.name)";
  [.items[] | select((named or bound) and (written | not))] as $items
  | {list: {apiVersion: "v1", kind: "List", items: [$items[] | select(owned | not) | stripped]}, owned: [$items[] | select(owned) | id]}'

# read_kind KIND DIR: the objects that are ours, and the names of those that another object makes.
read_kind() {
  local ours names
  read -ra names <<<"$NAMESPACES"
  ours=$(jq -cn '$ARGS.positional' --args "${names[@]}")
  kubectl get "$1" --all-namespaces -o json | jq -cS --argjson ours "$ours" --arg own "$NAMESPACE" "$OURS" >"$2/read.json" || return 1
  jq -cS .list "$2/read.json" >"$2/$1.json" && jq -cS .owned "$2/read.json" >"$2/$1.owned.json" && rm "$2/read.json"
}

collect_kinds() {
  need NAMESPACE NAMESPACES
  local kind
  for kind in $KINDS; do read_kind "$kind" "$1" || die "cannot read $kind"; done
}

check_kinds() {
  local kind
  for kind in $KINDS; do
    jq -e --slurpfile owned "$1/$kind.owned.json" '.kind == "List" and (.items | type == "array")
      and all(.items[]; .metadata.name != null) and ($owned[0] | type == "array")' "$1/$kind.json" >/dev/null ||
      { log "$kind are not whole" && return 1; }
    jq -e 'all(.items[]; .kind != "Secret")' "$1/$kind.json" >/dev/null || { log "a Secret is among $kind" && return 1; }
  done
  for kind in $KINDS; do jq -c --arg kind "$kind" '{objects: (.items | length)}' "$1/$kind.json"; done |
    jq -s '{objects: ([.[].objects] | add), kinds: length}' |
    jq -e 'select(.objects > 0)' || { log "there is no object at all" && return 1; }
}

is_admins() { [[ " $ADMIN_KINDS " == *" $1 "* ]]; }

# things_in DIR KIND: the list of one kind, each under its name.
things_in() {
  jq -c --arg kind "$2" --slurpfile owned "$1/$2.owned.json" '
    [.items[] | {thing: "\($kind) \(.metadata.namespace // "")/\(.metadata.name)", content: .}]
    + [$owned[0][] | {thing: "\($kind) \(.)", content: "made by another object"}]' "$1/$2.json"
}

# compared KIND DIR WORK: how the objects that are there differ from the export.
compared() {
  mkdir -p "$3/now"
  read_kind "$1" "$3/now" || return 1
  things_in "$2" "$1" >"$3/was.list" && things_in "$3/now" "$1" >"$3/now.list" || return 1
  differences_of "$3/was.list" "$3/now.list"
}

# chosen WHAT DIFFERENCES FILE: as a list for kubectl, the exported objects that are missing or changed.
chosen() {
  jq -c --arg what "$1" '{apiVersion: "v1", kind: "List",
    items: [.[] | select(.what == $what) | .was.content | objects]}' "$2" >"$3"
  [[ $(jq '.items | length' "$3") != 0 ]]
}

# apply_kinds DIR WORK: whatever does not take an administrator. At another site only what is not there: what stands
# ready there, a database with no replicas, must not become what ran here. In place what differs is put back as well, as
# a whole: an apply would leave what was added to it. Nothing is deleted.
apply_kinds() {
  local kind list=$2/differences.json file=$2/chosen.json
  for kind in $KINDS; do
    if is_admins "$kind"; then continue; fi
    compared "$kind" "$1" "$2" >"$list" || return 1
    if chosen missing "$list" "$file"; then applied -f "$file" || return 1; fi
    if [[ ${IN_PLACE:-no} != yes ]] || ! chosen changed "$list" "$file"; then continue; fi
    # The spec of a claim cannot be replaced, and was exported without its volume.
    if [[ $kind == persistentvolumeclaims ]]; then
      applied -f "$file" || return 1
    else
      kubectl replace --field-manager=holdfast-recovery -f "$file" >&2 || return 1
    fi
  done
}

applied() { kubectl apply --server-side --force-conflicts --field-manager=holdfast-recovery "$@" >&2; }

# try_kinds DIR: every exported object, as if it were missing, and without effect.
try_kinds() {
  local kind
  for kind in $KINDS; do
    if is_admins "$kind" || [[ $(jq '.items | length' "$1/$kind.json") == 0 ]]; then continue; fi
    applied --dry-run=server -f "$1/$kind.json" || return 1
  done
}

# confirm_kinds DIR WORK: after damage everything must be what was exported, what takes an administrator included. In a
# clean room the kit has brought what works in our own namespace. Elsewhere nothing that was exported may be missing;
# what else differs is the site's own.
confirm_kinds() {
  need NAMESPACE NAMESPACES
  local kind admins strict=false room=false
  [[ ${CLEAN_ROOM:-no} != yes ]] || room=true strict=true
  [[ ${IN_PLACE:-no} != yes ]] || strict=true
  : >"$2/all.jsonl"
  for kind in $KINDS; do
    admins=false
    if is_admins "$kind"; then admins=true; fi
    compared "$kind" "$1" "$2" >"$2/differences.json" || return 1
    jq -c --arg kind "$kind" --arg own "$NAMESPACE" --argjson admins "$admins" --argjson strict "$strict" --argjson room "$room" '
      def kits: $room and (.thing | ltrimstr("\($kind) ") | . == "/\($own)" or startswith("/\($own)-") or startswith("\($own)/"));
      .[] | .judged = if .what == "missing" then $strict or ($admins | not) else $strict and (kits | not) end' \
      "$2/differences.json" >>"$2/all.jsonl" || return 1
  done
  jq -cs 'map(select(.judged | not))' "$2/all.jsonl" >"$2/left.json"
  jq -cs 'map(select(.judged))' "$2/all.jsonl" >"$2/judged.json"
  left "$2/left.json"
  settled "$2/judged.json"
}
