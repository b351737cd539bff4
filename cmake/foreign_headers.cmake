# Headers of the build machine that fit any other.
include_guard(GLOBAL)

#   mqttwire_foreign_headers(catch2 catch.hpp)
# gives the target mqttwire_foreign_catch2, with which `catch2/...` can be included, and nothing else of the folder that
# catch2/catch.hpp lies in.
function(mqttwire_foreign_headers name header)
    find_path(MQTTWIRE_FOREIGN_${name} ${name}/${header} PATHS /usr/include /usr/local/include REQUIRED
        NO_CMAKE_FIND_ROOT_PATH)
    set(folder ${CMAKE_BINARY_DIR}/foreign/${name})
    file(MAKE_DIRECTORY ${folder})
    file(CREATE_LINK ${MQTTWIRE_FOREIGN_${name}}/${name} ${folder}/${name} SYMBOLIC)
    add_library(mqttwire_foreign_${name} INTERFACE)
    target_include_directories(mqttwire_foreign_${name} SYSTEM INTERFACE ${folder})
endfunction()
