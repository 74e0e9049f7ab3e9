#!/usr/bin/env bash
# Fills corpus/ with the responses of tests/ and the example of the config file, each where it fits.
set -euo pipefail
cd "$(dirname "$0")"
responses=../tests/responses
for target in scanner scanner_large xml serialize var_export masking har config; do
  mkdir -p "corpus/$target"
done

# Takes a file in, behind a first byte where the target has one. The name tells where it is from.
take() {
  local name=${2#../}
  { printf '%b' "${3:-}"; cat "$2"; } > "corpus/$1/${name//\//-}${4:-}"
}

for file in "$responses"/*.json "$responses"/files/*.json "$responses"/php/*.json; do
  take scanner "$file"
  take scanner_large "$file" '\0200'
done
for file in "$responses"/php/*.xml; do take xml "$file"; done
for file in "$responses"/php/*.serialize "$responses"/files/*.ser; do take serialize "$file"; done
for file in "$responses"/php/*.var_export "$responses"/files/*.var; do take var_export "$file"; done

# The first byte says of what form the answer is: 0 for json, to 4 for var_export.
for file in "$responses"/*.json; do take masking "$file" '\0001'; done
for file in "$responses"/php/*.xml; do take masking "$file" '\0002'; done
for file in "$responses"/php/*.serialize; do take masking "$file" '\0003'; done
for file in "$responses"/php/*.var_export; do take masking "$file" '\0004'; done

for file in "$responses"/files/*.har "$responses"/files/answers*; do take har "$file"; done
# Entries with their bodies. The bytes 1 and 14 stand for the key and the secret.
for file in "$responses"/{1688_item_get_610947572360,error_4013_key_in_reason,text_misc}.json; do
  url='https://api-gw.onebound.cn/1688/item_get/?key=%b&secret=%b&num_iid=610947572360&cache=no'
  # shellcheck disable=SC2059
  printf '{"log":{"creator":{"name":"WebInspector"},"entries":[{"startedDateTime":"2026-11-26T02:00:01.000Z",
"time":812.5,"request":{"url":"'"$url"'","headers":[{"name":"cookie","value":"a=%b"}]},"response":{"status":200,
"headers":[{"name":"x-url","value":"?key=%b"}],"content":{"size":%d,"encoding":"base64","text":"%s"}},
"timings":{"dns":1,"connect":2,"send":0,"wait":800,"receive":9.5}}]}}' \
    '\0001' '\0016' '\0001' '\0001' "$(wc -c < "$file")" "$(base64 < "$file" | tr -d '\n')" \
    > "corpus/har/$(basename "$file").har"
done

take config ../assets/config.example.toml
# The same with every setting that is switched off there: a `#` without a blank after it.
sed -E 's/^#([^ ])/\1/; s/"the (key|secret)"/"the-\1"/' ../assets/config.example.toml > corpus/config/example-all.toml
du -sh corpus
