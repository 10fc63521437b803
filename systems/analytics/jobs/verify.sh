#!/usr/bin/env bash
# verify.sh: reads restore points of one asset back where they lie: the newest, and of exports one older by chance. Nothing
# is restored. Prints one line of JSON; ends with 0 only when all of it was read and is as it should be.
set -euo pipefail
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
need ASSET NAMESPACE STORE PUSHGATEWAY_URL
whole KEPT_DAYS MOST_AGE STEP_SECONDS
for part in azure blobs points moments progress spark lake kafka rehearse; do
  # shellcheck source=/dev/null # each is named as the noun that it reads
  source "$JOBS_DIR/$part.sh"
done
work=$(mktemp -d "$SCRATCH_DIR/verify.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT

case ${ASSET#*/} in
  lake) read=$(read_clones) ;;
  kafka) read=$(read_captured) ;;
  *) read=$(read_exports) ;;
esac
age=$(jq -r .ageSeconds <<<"$read")
((age <= MOST_AGE)) || die "the newest that can be brought back of $ASSET is $(spell "$age") old; with one failed run it should be $(spell "$MOST_AGE") at most"
jq -c --arg asset "$ASSET" '{$asset} + . + {verified: true}' <<<"$read"
push verification <<METRICS
holdfast_verification_timestamp_seconds{asset="$ASSET",role="verification"} $EPOCHSECONDS
holdfast_verification_age_seconds{asset="$ASSET",role="verification"} $age
METRICS
