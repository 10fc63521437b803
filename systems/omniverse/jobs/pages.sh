# shellcheck shell=bash
# shellcheck disable=SC2034 # by whoever sources this
# Whether the pages of a database are whole.

# read_pages FILE COMMAND...: runs that pg_amcheck, shows all it says, and leaves what it found in FILE. 0: whole; 2: damaged; 3: this
# user may not look; else it could not look. pg_amcheck itself ends with 2 for a right that is missing, as it does for damage.
# AWS documents for no user of RDS that it may look: the functions belong to RDS there, and are closed to the public.
read_pages() {
  local code=0
  "${@:2}" >"$1" 2>"$1-said" || code=$?
  cat "$1" "$1-said" >&2
  case $code in
    # It names what it looked at, and below, indented, what is wrong with it.
    2) awk '/^[ \t]/ { if (/ERROR: +permission denied for /) denied = 1; else damaged = 1 } END { exit !(denied && !damaged) }' "$1" || return 2 ;;
    # Nor may everybody make the extension.
    1) grep -Fq 'permission denied to create extension' "$1-said" || return 1 ;;
    *) return "$code" ;;
  esac
  return 3
}
MAY_NOT_LOOK="$DB_NAME may not be looked at by this user, which is no word of damage and none that it is whole: its pages were not looked at; see pg_amcheck above"

# look_at_restored WHAT DAMAGED [COMMAND...]: fails with DAMAGED where its pages are. What nobody may look at is said, and
# nothing else is left out for it: a recovery whose rows and files are there must not wait for a right that it may never get.
look_at_restored() {
  local code=0
  if ! command -v pg_amcheck >/dev/null; then
    log "the image has no pg_amcheck: the pages of $1 were not looked at"
    return 0
  fi
  read_pages "$RUN_DIR/amcheck" "${@:3}" pg_amcheck --install-missing --jobs "$WORK_JOBS" --database "$DB_NAME" || code=$?
  case $code in
    0) ;;
    2) die "$2" ;;
    3) log "$1: $MAY_NOT_LOOK" ;;
    124) return 124 ;;
    *) die "pg_amcheck could not look at $1, which is no sign of damage: start this again" ;;
  esac
}
