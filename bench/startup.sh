#!/usr/bin/env bash
# Measures how long "peerage --version" takes from start to end, in each way of starting it, and
# prints a Markdown table: bench/startup.sh [runs, 21 unless told]. The ways take turns, so that
# what else the machine does falls on all of them alike.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-21}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$root/peerage" --version >/dev/null # builds, if need be
jdk=$(PEERAGE_JAVA_OPTS=-XshowSettings:properties "$root/peerage" --version 2>&1 \
  | sed -n 's/^ *java.home = //p')
picocli=$(sed -n 's|.*<picocli.version>\(.*\)</.*|\1|p' "$root/pom.xml")
(cd "$root" && mvn -q -B -ntp -N org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
  -Dartifact="info.picocli:picocli:$picocli" -DoutputDirectory="$work" -Dmdep.stripVersion=true)

join() { local IFS=:; echo "$*"; }
modern=$(join "$root"/cli/target/app/lib/*.jar)
stock=${modern/"$root/cli/target/app/lib/picocli.jar"/"$work/picocli.jar"}
main=peerage.cli.Main

train() { # the cache, the java, the class path, its options
  "$2" "${@:4}" -XX:AOTCacheOutput="$work/$1" -cp "$3" $main --help >/dev/null 2>&1
}
train stock.aot "$jdk/bin/java" "$stock" -XX:+UseSerialGC
train modern.aot "$jdk/bin/java" "$modern" -XX:+UseSerialGC
train g1.aot "$jdk/bin/java" "$modern" -XX:+UseG1GC
"$jdk/bin/jlink" --add-modules java.base,java.net.http --strip-debug --no-header-files \
  --no-man-pages --output "$work/image" >/dev/null
"$work/image/bin/java" -XX:+UseSerialGC -Xshare:dump >/dev/null 2>&1
train image.aot "$work/image/bin/java" "$modern" -XX:+UseSerialGC

declare -A ways=()
order=()
way() { # its name, its command
  order+=("$1")
  ways[$1]=${*:2}
}
quick="-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
way "JVM defaults" "$jdk/bin/java -cp $stock $main"
way "C1, serial GC" "$jdk/bin/java $quick -cp $stock $main"
way "+ AOT cache" "$jdk/bin/java $quick -XX:AOTCache=$work/stock.aot -cp $stock $main"
way "+ picocli in class files of today" \
  "$jdk/bin/java $quick -XX:AOTCache=$work/modern.aot -cp $modern $main"
way "the same, all compilers" \
  "$jdk/bin/java -XX:+UseSerialGC -XX:AOTCache=$work/modern.aot -cp $modern $main"
way "the same, cache made under G1" \
  "$jdk/bin/java $quick -XX:AOTCache=$work/g1.aot -cp $modern $main"
way "jlink image, its CDS archive" "$work/image/bin/java $quick -cp $modern $main"
way "jlink image, AOT cache" \
  "$work/image/bin/java $quick -XX:AOTCache=$work/image.aot -cp $modern $main"
way "./peerage (shell and all)" "$root/peerage"

for ((run = 0; run <= runs; run++)); do
  for name in "${order[@]}"; do
    begun=${EPOCHREALTIME/[.,]/}
    ${ways[$name]} --version >/dev/null
    ended=${EPOCHREALTIME/[.,]/}
    # The first round only warms the disk.
    [ "$run" = 0 ] || echo $(((ended - begun + 50) / 100)) >>"$work/${name//\//_}.times"
  done
done

at() { # the line of the sorted times, in tenths of a millisecond
  sort -n "$work/${1//\//_}.times" | sed -n "$2p" | sed 's/.$/.&/'
}
echo "| way | min ms | median ms | 90th percentile ms |"
echo "|---|---|---|---|"
for name in "${order[@]}"; do
  echo "| $name | $(at "$name" 1) | $(at "$name" $(((runs + 1) / 2)))" \
    "| $(at "$name" $(((runs * 9 + 9) / 10))) |"
done
echo
echo "$runs runs each; $(sed -n 's/^JAVA_RUNTIME_VERSION=//p' "$jdk/release" | tr -d '"')," \
  "$(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg); jlink image" \
  "$(du -sm "$work/image" | cut -f1) MB."
