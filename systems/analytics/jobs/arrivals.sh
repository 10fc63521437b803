# shellcheck shell=bash
# Test events in the lake; nothing here acts until it is called.

# What they are in the lake: pipelines pass them on like any other event.
EVENT_TYPE=holdfast-end-to-end
# Names under which the two jobs report.
RESULT=end-to-end
export EVENT_TYPE RESULT

# arrivals WAREHOUSE SINCE: the test events of this run and later that can be read: [{run, namespace}]. Twice is once.
arrivals() {
  local statement=$RUN_DIR/arrivals.sql values=$RUN_DIR/arrivals.json
  printf "SELECT DISTINCT body:run AS run, body:namespace AS namespace FROM %s WHERE event_type = :type AND date >= to_date(:day) AND body:run >= :since" "$EVENTS_TABLE" >"$statement"
  jq -n --arg type "$EVENT_TYPE" --arg since "$2" '[{name: "type", value: $type}, {name: "since", value: $since},
    {name: "day", value: "\($since[0:4])-\($since[4:6])-\($since[6:8])"}]' >"$values"
  sql "$1" "$statement" "$values"
}
