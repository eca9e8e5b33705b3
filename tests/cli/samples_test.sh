#!/bin/sh
# The samples are in order, and build makes of a dump the bytes that it was a dump of.
#
#   samples_test.sh GENERATE_SNAPSHOT INSPECT_SNAPSHOT SAMPLES
set -eu
generate=$1 inspect=$2 samples=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for source in "$samples/acme" "$samples/blue-green/shop" "$samples/aws-endpoints/aws-endpoints.jsonl"; do
  "$generate" check "$source"
  "$generate" build "$source" -o "$folder/first.almanac" --revision sample
  "$inspect" dump "$folder/first.almanac" > "$folder/dump.jsonl"
  "$generate" build "$folder/dump.jsonl" -o "$folder/second.almanac"
  cmp "$folder/first.almanac" "$folder/second.almanac"
  "$inspect" verify "$folder/second.almanac"
done
# What was committed is what dump prints, but for the revision in the first line.
tail -n +2 "$samples/aws-endpoints/aws-endpoints.jsonl" > "$folder/committed"
tail -n +2 "$folder/dump.jsonl" | cmp - "$folder/committed"
