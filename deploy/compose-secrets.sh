#!/bin/sh
# Makes the secrets that compose.yaml reads, once: what is there already stays. Run it in the folder of compose.yaml, with the
# mail server in WATCHWORD_EMAIL.
set -eu
folder=data/secrets
[ -e "$folder/watchword_email" ] || : "${WATCHWORD_EMAIL:?smtp://user:pass@host:587?from=…, or console:// for a trial}"
mkdir -p "$folder"
# The users inside the containers must read the files; nobody else gets through the folder.
chmod 700 "$folder"

keep() {
  [ -e "$folder/$1" ] || printf '%s\n' "$2" >"$folder/$1"
  chmod 644 "$folder/$1"
}

# Hexadecimal: a password in a URL may hold no "/", "+" or "@".
keep postgres_password "$(openssl rand -hex 24)"
keep database_url "postgres://watchword:$(cat "$folder/postgres_password")@db:5432/watchword"
keep watchword_secret "$(openssl rand -base64 32)"
keep watchword_email "${WATCHWORD_EMAIL:-}"
