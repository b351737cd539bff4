# Installs mqttwire from the folder "build" to an empty "prefix" and checks that every header of "include" is there.
file(REMOVE_RECURSE ${prefix})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${prefix} COMMAND_ERROR_IS_FATAL ANY)

file(GLOB_RECURSE missing RELATIVE ${include} ${include}/*.hpp)
file(GLOB_RECURSE installed RELATIVE ${prefix}/include ${prefix}/include/*.hpp)
list(REMOVE_ITEM missing ${installed})
if(missing)
    message(FATAL_ERROR "not listed in cmake/headers.cmake: ${missing}")
endif()
