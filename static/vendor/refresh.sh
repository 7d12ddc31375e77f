#!/usr/bin/env bash
# Fetches the packages named in README.md again and verifies them: the archive and every file must have the checksum
# written there. Writes nothing when one differs. Needs npm and python3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Rows of the README table with the given heading in their first column, as fields separated by one space.
rows() { awk -F' *[|] *' -v head="$1" '$2==head {on=1; getline; next} !/^[|]/ {on=0} on {print $2, $3, $4, $5, $6}' "$here/README.md"; }

sum() { sha256sum "$1" | cut -d' ' -f1; }
bad=0
expect() { # expect <what> <found> <written>
  if [ "$2" != "$3" ]; then echo "$1: sha256 is $2, README.md says $3" >&2; bad=1; fi
}

while read -r package version folder _licence checksum; do
  mkdir "$work/fetched" "$work/$folder"
  (cd "$work/fetched" && npm pack --silent "$package@$version" >/dev/null)
  expect "$package@$version" "$(sum "$work/fetched"/*.tgz)" "$checksum"
  tar xzf "$work/fetched"/*.tgz -C "$work/$folder" --strip-components=1
  rm -r "$work/fetched"
done < <(rows package)

out="$work/out"
while read -r folder path file checksum _; do
  mkdir -p "$out/$folder"
  if [ "$file" = sprite.svg ]; then
    python3 "$here/sprite.py" "$work/$folder/$path" "$here/icons.txt" > "$out/$folder/$file"
  else
    sed -E '$ s@//# sourceMappingURL=.*$|/\*# sourceMappingURL=.*\*/$@@' "$work/$folder/$path" > "$out/$folder/$file"
  fi
  expect "$folder/$file" "$(sum "$out/$folder/$file")" "$checksum"
  for licence in "$work/$folder"/LICENSE*; do
    [ -e "$licence" ] && cp "$licence" "$out/$folder/LICENSE"
  done
done < <(rows folder)

if [ "$bad" = 1 ]; then
  echo "Nothing was changed. If the new files are wanted, write these checksums into README.md and run this again." >&2
  exit 1
fi
cp -r "$out"/. "$here"/
echo "Vendored files are as README.md says."
