#!/usr/bin/env bash
# Schemathesis against the real server: requests made from its own OpenAPI document, right and wrong ones; no answer may be a 5xx or
# differ from what the document says.
#
#     npm run test:schemathesis [-- OPTION_OF_SCHEMATHESIS…]
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/test/schemathesis

VERSION=4.32.5
tool=$PWD/node_modules/.cache/schemathesis-$VERSION
if [ ! -e "$tool/complete" ]; then
  rm -rf "$tool"
  python3 -m venv "$tool"
  "$tool/bin/pip" install --quiet --disable-pip-version-check --no-input "schemathesis==$VERSION"
  touch "$tool/complete"
fi

work=$(mktemp -d)
trap '[ -z "${server-}" ] || kill "$server" && wait "$server" || true; rm -rf "$work"' EXIT
node dist/cli/main.js index corpora/help-centre --out "$work/kb" >"$work/log"
node dist/cli/main.js serve --index "$work/kb" --feedback "$work/feedback.jsonl" --port 0 --requests-per-minute 1000000 \
  --log-level error >>"$work/log" 2>"$work/messages" &
server=$!
for _ in $(seq 300); do
  url=$(sed -n 's/^Listening on //p' "$work/messages")
  [ -n "$url" ] && curl --silent --fail --output /dev/null "$url/ready" && break
  sleep 0.2
done

cd "$work" # it leaves a folder of its own
SCHEMATHESIS_HOOKS=ndjson PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 \
  "$tool/bin/st" --config-file "$here/schemathesis.toml" run "$url/openapi.json" --continue-on-failure "$@" || {
  code=$?
  cat "$work/log" "$work/messages" >&2
  exit $code
}
