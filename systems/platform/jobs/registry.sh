# shellcheck shell=bash
# platform/registry: the images that run, by digest. A digest is its own proof: skopeo refuses what does not match it.

export REGISTRY_AUTH_FILE=$RUN_DIR/registry-auth.json

# sign_in REGISTRY: a token of some hours for ECR; other registries are read without one.
sign_in() {
  local region
  [[ $1 =~ ^[0-9]+\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$ ]] || return 0
  region=${BASH_REMATCH[1]}
  aws ecr get-login-password --region "$region" | skopeo login --username AWS --password-stdin "$1" >&2
}

registry_of() { [[ ${1%%/*} == *[.:]* ]] && printf '%s' "${1%%/*}" || printf 'docker.io'; }
# untagged IMAGE: a reference without the tag beside its digest, which skopeo refuses; the digest alone says what it is.
untagged() {
  local name=${1%%@*} last
  last=${name##*/}
  printf '%s%s@%s' "${name%"$last"}" "${last%%:*}" "$(digest_of "$1")"
}

digest_of() { printf '%s' "${1##*@}"; }
name_of() { local name=${1%%@*} && printf '%s' "${name##*/}"; }

collect() {
  need IMAGES
  local image
  for image in $IMAGES; do
    image=$(untagged "$image")
    sign_in "$(registry_of "$image")" || die "cannot sign in to $(registry_of "$image")"
    skopeo copy --quiet --all --preserve-digests "docker://$image" "dir:$1/$(digest_of "$image" | tr : -)" || die "cannot copy $image"
    printf '%s\n' "$image" >>"$1/images"
  done
}

check() {
  local image folder
  [[ -s $1/images ]] || { log "there is no image at all" && return 1; }
  while IFS= read -r image; do
    folder=$1/$(digest_of "$image" | tr : -)
    [[ "sha256:$(sha256_of "$folder/manifest.json")" == "$(digest_of "$image")" ]] ||
      { log "$image is not the image of that digest" && return 1; }
  done <"$1/images"
  jq -n --argjson images "$(wc -l <"$1/images")" '{images: $images}'
}

# copy_to DIR TARGET: `docker://registry/path` or `oci:folder`, each image under its own name and digest.
copy_to() {
  local image to
  while IFS= read -r image; do
    to=$2/$(name_of "$image")
    if [[ $2 == docker://* ]]; then to=$to@$(digest_of "$image"); fi
    skopeo copy --quiet --all --preserve-digests "dir:$1/$(digest_of "$image" | tr : -)" "$to" >&2 || return 1
  done <"$1/images"
}

restore() {
  need RECOVER_TO
  sign_in "$(registry_of "$RECOVER_TO")" || return 1
  copy_to "$1" "docker://$RECOVER_TO"
}

confirm() {
  need RECOVER_TO
  local image there
  sign_in "$(registry_of "$RECOVER_TO")" || return 1
  while IFS= read -r image; do
    there=$(skopeo inspect --raw "docker://$RECOVER_TO/$(name_of "$image")@$(digest_of "$image")" | sha256sum | cut -d ' ' -f 1)
    [[ sha256:$there == "$(digest_of "$image")" ]] || { log "$(name_of "$image") is not in $RECOVER_TO" && return 1; }
  done <"$1/images"
}

rehearse() {
  copy_to "$1" "oci:$2" || return 1
  printf 'every image copied out of the export, all layers read'
}
