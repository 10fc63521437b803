#!/usr/bin/env bash
# logs.sh: error patterns, refused access and durations of the last SINCE, as one line of JSON.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

: "${NAMESPACE:=omendb-prod}" "${POD_SELECTOR:=app=omendb}" "${SINCE:=1h}"
seconds_of "$SINCE" >/dev/null || die "SINCE must be like 1h, got '$SINCE'"
# With a selector kubectl shows ten lines a pod and five pods unless told otherwise.
kubectl --namespace "$NAMESPACE" logs -l "$POD_SELECTOR" "--since=$SINCE" --tail=-1 --max-log-requests=20 |
  jq -Rcn --arg since "$SINCE" '
    # log_format is json; a line that is not (a start-up message, a panic) counts by its text.
    [inputs | . as $line | (fromjson? // {message: $line}) | if type == "object" then . else {message: $line} end
      | {level: ((.level // "") | ascii_upcase), message: (.message // .fields.message // $line | tostring), line: $line,
         status: (.status // .fields.status // null), duration: (.duration // .fields.duration // null)}
      | if .level == "" and (.line | test("ERROR")) then .level = "ERROR" elif .level == "" and (.line | test("WARN")) then .level = "WARN" else . end]
    | {since: $since, lines: length,
       errors: [group_by([.level, .message])[] | select(.[0].level == "ERROR" or .[0].level == "WARN")
         | {count: length, level: .[0].level, message: .[0].message}] | sort_by(-.count),
       refused: map(select((.status | tostring | . == "401" or . == "403") or (.status == null and (.message | test("\\b40[13]\\b"))))) | length,
       authentication: map(select(.line | test("auth"))) | length,
       durations: ([.[].duration | numbers] | sort | {count: length, median: .[(length / 2 | floor)], p95: .[(length * 0.95 | floor)], max: .[-1]})}'
