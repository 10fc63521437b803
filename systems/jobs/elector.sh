# shellcheck shell=bash
# What serve.sh says of itself, for the probes of its pod; nothing here acts until it is called.

# elector_role: standby, starting or serving; fails where nobody has said so for too long.
elector_role() {
  local beat='' role='' period='' up limit age
  for _ in 1 2 3; do # it may just be being written
    read -r beat role period 2>/dev/null <"$RUN_DIR/elector" && break
    sleep 0.1
  done
  [[ -n $period ]] || die "the elector has not started"
  read -r up _ </proc/uptime
  limit=$((2 * period > 30 ? 2 * period : 30))
  age=$(((10#${up/./} - beat) / 100))
  ((age <= limit)) || die "the elector has not moved for ${age}s"
  printf '%s' "$role"
}
