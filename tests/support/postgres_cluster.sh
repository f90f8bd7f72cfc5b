#!/bin/sh
# A throwaway Postgres cluster as a user other than root, which initdb refuses.
#   postgres_cluster.sh start FOLDER PORT [SETTINGS-FILE]   password: postgres
#   postgres_cluster.sh stop FOLDER                         at once, like a crash
#   postgres_cluster.sh again FOLDER                        after a stop
set -eu
bin=/usr/lib/postgresql/15/bin
user=postgres
folder=$2
as() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=$user --regid=$user --clear-groups env -i PATH="$bin:/usr/bin:/bin" LC_ALL=C.UTF-8 "$@"
  else
    env PATH="$bin:$PATH" LC_ALL=C.UTF-8 "$@"
  fi
}
case $1 in
start)
  mkdir -p "$folder"
  echo postgres >"$folder/pw"
  chmod 644 "$folder/pw"
  [ "$(id -u)" != 0 ] || chown $user "$folder"
  chmod 755 "$folder"
  as initdb -D "$folder/data" -U postgres --auth-local=scram-sha-256 --auth-host=scram-sha-256 \
    --pwfile="$folder/pw" -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1
  cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
port = $3
unix_socket_directories = '$folder'
fsync = off
full_page_writes = off
max_connections = 50
END
  [ -z "${4:-}" ] || cat "$4" >>"$folder/data/postgresql.conf"
  as pg_ctl -D "$folder/data" -l "$folder/log" -w -t 60 start >/dev/null
  ;;
stop) as pg_ctl -D "$folder/data" -m immediate -w stop >/dev/null ;;
again) as pg_ctl -D "$folder/data" -l "$folder/log" -w -t 60 start >/dev/null ;;
*) exit 2 ;;
esac
