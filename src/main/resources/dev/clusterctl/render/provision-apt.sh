
# The key is used only if it is the one with the fingerprint that we know.
use_mysql_repository() {
  local key=/etc/apt/keyrings/clusterctl-mysql.gpg home
  if ! have curl || ! have gpg; then
    install_packages ca-certificates curl gnupg
  fi
  [ -e /usr/lib/apt/methods/https ] || install_packages apt-transport-https
  home=$(mktemp -d)
  fetch "$apt_key_url" "$home/key" || die "$apt_key_url can't be downloaded"
  gpg --homedir "$home" --batch --quiet --import "$home/key"
  gpg --homedir "$home" --batch --with-colons --fingerprint | grep -q "^fpr:*$apt_key_fingerprint:" ||
    die "the key at $apt_key_url isn't the one with fingerprint $apt_key_fingerprint: it was not used"
  install -d -m 0755 /etc/apt/keyrings
  gpg --homedir "$home" --batch --export "$apt_key_fingerprint" >"$key"
  chmod 644 "$key"
  rm -rf "$home"
  printf 'deb [signed-by=%s] %s %s %s\n' "$key" "$apt_url" "$apt_suite" "$apt_components" \
    >/etc/apt/sources.list.d/clusterctl-mysql.list
  lists_updated=
}
