#!/bin/sh
# Builds consumer.cpp with what pkg-config says and nothing else, then runs it.
#   pkg_config.sh COMPILER PREFIX LIBDIR PROGRAM ARGUMENT...
set -eu
compiler=$1 prefix=$2 libdir=$3 program=$4
shift 4
export PKG_CONFIG_PATH="$prefix/$libdir/pkgconfig"
# shellcheck disable=SC2046  # its answer is words
"$compiler" -std=c++20 "$(dirname "$0")/consumer.cpp" $(pkg-config --cflags --libs almanac) -Wl,-rpath,"$prefix/$libdir" -o "$program"
exec "$program" "$@"
