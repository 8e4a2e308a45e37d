# What the checks need and the machine may lack. Sourced by .ci/run.

faketime=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1

# The folder with PostgreSQL 15's programs. Nothing else is taken for them: other versions may be on the PATH.
postgres_bin() {
  local folder
  for folder in /usr/lib/postgresql/15/bin "$(dirname "$(readlink -f "$(command -v pg_ctl || echo /none/pg_ctl)")")"; do
    if [ -x "$folder/initdb" ] && "$folder/pg_ctl" --version | grep -q ' 15\.'; then
      echo "$folder"
      return
    fi
  done
  return 1
}

ensure_packages() {
  local missing=() program
  for program in cc:gcc make:make curl:curl jq:jq python3:python3 npm:npm chromium:chromium vipsthumbnail:libvips-tools wrk:wrk \
    strace:strace nginx:nginx-light ip:iproute2; do
    PATH=$PATH:/usr/sbin command -v "${program%%:*}" >/dev/null || missing+=("${program##*:}")
  done
  [ -e "$faketime" ] || missing+=(libfaketime)
  python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
  if ! postgres_bin >/dev/null; then
    missing+=(postgresql-15)
    # Debian starts a server of its own on installation unless told not to.
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  if [ ${#missing[@]} -eq 0 ]; then
    echo 'nothing is missing'
    return
  fi
  echo "installing ${missing[*]}"
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}"
}
