# The stages of .ci/run, one function each, in the order of the list. A stage fails when any of its commands does.
# shellcheck shell=bash

# shellcheck disable=SC2034 # .ci/run goes through it
stages=(
    install
    format
    readme_test readme_demo
    coverage sanitizers
    headers headers_clang
    analysis
    peers platforms
    scopes fuzz mutation
    budgets
)

export DEBIAN_FRONTEND=noninteractive
CTEST_PARALLEL_LEVEL=$(nproc)
export CTEST_PARALLEL_LEVEL

build_packages=(
    ca-certificates cmake g++ git make ninja-build pkg-config
    catch2 libfmt-dev libpcap-dev
    clang-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev libc++-19-dev libc++abi-19-dev llvm-19
)
platform_packages=(
    g++-aarch64-linux-gnu g++-i686-linux-gnu g++-s390x-linux-gnu qemu-user-static
    clang lld-19 g++-mingw-w64-x86-64-posix wine64
    gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm
    valgrind python3
)
peer_packages=(mosquitto mosquitto-clients libmosquitto-dev python3 python3-paho-mqtt tshark)
network_packages=(libboost1.81-dev libssl-dev openssl)

stage_install() {
    apt-get update
    apt-get install -y --no-install-recommends "${build_packages[@]}" "${platform_packages[@]}" "${peer_packages[@]}" \
        "${network_packages[@]}"
    # Where Node.js comes from elsewhere it brings npm along, and Debian's npm would not fit it.
    command -v npm || apt-get install -y --no-install-recommends nodejs npm
}

stage_format() {
    git ls-files -z '*.hpp' '*.cpp' | xargs -0 clang-format-19 --dry-run --Werror
}

# The one line in the fenced block behind <!-- command: NAME --> in the README.
readme_command() {
    awk -v marker="<!-- command: $1 -->" '
        $0 == marker { marked = 1; next }
        marked && /^```/ { if (fenced) exit; fenced = 1; next }
        fenced { print; lines++ }
        END { exit lines != 1 }' README.md
}

stage_readme_test() {
    local command
    command=$(readme_command test)
    bash -c "$command"
}

stage_readme_demo() {
    local command
    command=$(readme_command demo)
    bash -c "$command"
}

# One build with clang passes all tests and counts what they reach. It is not optimised; `sanitizers` takes the paths of
# optimised code, and `platforms` and `budgets` have clang at the levels that users have.
stage_coverage() { tests/coverage/run --all; }
stage_sanitizers() { cmake --workflow --preset sanitize; }
stage_headers() { cmake --workflow --preset headers; }
stage_headers_clang() { cmake --workflow --preset headers-clang; }

# Static analyzers, and clang-tidy on the two verification sources that hold all headers and on every program of our own
# but the tests.
stage_analysis() {
    tests/analysis/run
    cmake --preset headers-clang -B build/tidy -D CMAKE_UNITY_BUILD=ON
    files_to_tidy | xargs -L 1 -P "$(nproc)" bash -c 'source .ci/stages.sh; set -euxo pipefail; tidy "$1"' one
}

# Several sources are one file here, for what they have in common takes most of the time.
tidy() { clang-tidy-19 -quiet -p build/tidy --checks=-bugprone-suspicious-include "$1"; }

files_to_tidy() {
    local compiled=build/tidy/compile_commands.json
    grep -q '/mqttwire/mqttwire\.hpp\.cxx' "$compiled"
    sed -nE 's#^ *"file": "(.*/(mqttwire/(mqttwire|fmt)\.hpp\.cxx|examples/.*\.(cpp|cxx)))",?$#\1#p' "$compiled" | sort -u
}

# All that is tested against other implementations, mqttwire-client and mqttwire-broker too: unoptimised, in the folder of
# the tests, where most is compiled already. The preset "network" has those two as users do.
stage_peers() {
    cmake --preset peers -D MQTTWIRE_BUILD_NETWORK_EXAMPLES=ON
    cmake --build --preset peers
    ctest --preset peers
}
# Together with the stages before, each compiler, library, option and machine once; without names it runs them all.
stage_platforms() { tests/platforms/run g++-Os clang-14 mingw i686 s390x aarch64 clang-O3 clang-libc++-Os clang-memory cortex-m4-Os; }

# All 2^32 sequences of four bytes, which the tests of the other stages take samples of.
stage_scopes() {
    cmake --preset test -D MQTTWIRE_WHOLE_SCOPES=ON
    cmake --build --preset test --target mqttwire_test_scopes
    ctest --test-dir build/test --no-tests=error --output-on-failure --timeout 900 -R '^scopes[.]'
    cmake --preset test -D MQTTWIRE_WHOLE_SCOPES=OFF
}

stage_fuzz() { fuzz/run 10; }

stage_budgets() { bench/check; }
stage_mutation() { tests/mutation/run --sample; }
