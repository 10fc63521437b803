# shellcheck shell=bash
# Packages of this image that have a newer version. Nothing is installed: the lists lie in a folder of the run, because the
# root of a pod is read-only and nobody in it is root.

# apt_get OPTION...: with all that it writes below RUN_DIR.
apt_get() {
  apt-get -o "Dir::State::Lists=$RUN_DIR/apt/lists" -o "Dir::Cache=$RUN_DIR/apt/cache" -o "Dir::Log=$RUN_DIR/apt/log" \
    -o APT::Sandbox::User= -o Debug::NoLocking=1 -qq "$@"
}

# upgradable: lines "<package> security" or "<package> other", sorted.
upgradable() {
  mkdir -p "$RUN_DIR/apt/lists/partial" "$RUN_DIR/apt/cache/archives/partial" "$RUN_DIR/apt/log" || return 1
  # apt tells of lists that it could not get, and goes on with old ones.
  apt_get -o APT::Update::Error-Mode=any update >&2 || return 1
  apt_get --simulate dist-upgrade >"$RUN_DIR/apt/plan" || return 1
  LC_ALL=C awk '$1 == "Inst" { print $2, /-[Ss]ecurity/ ? "security" : "other" }' "$RUN_DIR/apt/plan" | LC_ALL=C sort
}
