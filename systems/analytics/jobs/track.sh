# shellcheck shell=bash
# Results as Application Insights takes them; nothing here acts until it is called.

# insights_of COMPONENT: prints "<address> <key>" of the component with this id. The address comes from an answer: our
# token goes to those that INGESTION_URLS names alone, a pattern such as https://*.in.applicationinsights.azure.com/.
insights_of() {
  local said address key
  said=$(arm GET "$1?api-version=2020-02-02" | jq -re '.properties.ConnectionString | strings') || die "Application Insights does not say where it takes results"
  address=$(sed -nE 's/.*IngestionEndpoint=([^;]+).*/\1/p' <<<"$said")
  key=$(sed -nE 's/.*InstrumentationKey=([^;]+).*/\1/p' <<<"$said")
  # shellcheck disable=SC2053 # the declared addresses are a pattern
  [[ -n $key && $address == $INGESTION_URLS ]] || die "Application Insights takes results at an address that is not among $INGESTION_URLS"
  printf '%s %s' "${address%/}" "$key"
}

# track ADDRESS KEY NAME SUCCESS MILLISECONDS MESSAGE: one result of an availability test; SUCCESS is true or false.
track() {
  local body answer
  body=$(mktemp "$RUN_DIR/track.XXXXXX")
  jq -n --arg key "$2" --arg name "$3" --argjson success "$4" --argjson ms "$5" --arg message "$6" \
    --arg time "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" --arg from "${LOCATION:-}" '
    def two: tostring | if length < 2 then "0" + . else . end;
    ($ms / 1000 | floor) as $s
    | {name: "Microsoft.ApplicationInsights.Availability", $time, iKey: $key, tags: {"ai.cloud.role": "end-to-end"},
       data: {baseType: "AvailabilityData", baseData: {ver: 2, id: "\($name) \($time)", $name, $success, $message, runLocation: $from,
         duration: "\($s / 3600 | floor | two):\($s % 3600 / 60 | floor | two):\($s % 60 | two).\($ms % 1000 + 1000 | tostring | .[1:])0000"}}}' >"$body"
  answer=$(azure_call "Application Insights" https://monitor.azure.com POST "$1/v2.1/track" "$body" "${as_json[@]}") || die "Application Insights did not take the result of $3"
  rm -f "$body"
  jq -e '.itemsAccepted == 1' <<<"$answer" >/dev/null || die "Application Insights did not take the result of $3"
}
