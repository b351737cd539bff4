# Installs mqttwire from the folder "build" to an empty "prefix" and checks that every header of "source" is there, and in
# the list of those that are verified.
include(${source}/cmake/headers.cmake)

file(REMOVE_RECURSE ${prefix})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${prefix} COMMAND_ERROR_IS_FATAL ANY)

file(GLOB_RECURSE headers RELATIVE ${source} ${source}/include/*.hpp)
file(GLOB_RECURSE installed RELATIVE ${prefix} ${prefix}/include/*.hpp)
if(NOT headers STREQUAL installed)
    message(FATAL_ERROR "installed: ${installed}\ninstead of: ${headers}")
endif()

list(REMOVE_ITEM headers ${MQTTWIRE_HEADERS} include/mqttwire/fmt.hpp)
if(headers)
    message(FATAL_ERROR "not listed in cmake/headers.cmake: ${headers}")
endif()
