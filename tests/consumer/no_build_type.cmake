# Configures the checkout "source" without a build type and checks that mqttwire-inspect is compiled with -O2.
file(REMOVE_RECURSE ${folder})
execute_process(COMMAND ${CMAKE_COMMAND} -S ${source} -B ${folder} -G "Unix Makefiles" -D CMAKE_EXPORT_COMPILE_COMMANDS=ON
    -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_FLAGS=${flags} -D fmt_DIR=${fmt_DIR} -D MQTTWIRE_BUILD_TESTS=OFF
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

file(READ ${folder}/compile_commands.json commands)
string(REGEX MATCHALL "\"command\": \"[^\n]*examples/inspect/[^\n]*" compilations "${commands}")
list(LENGTH compilations count)
if(count LESS 2)
    message(FATAL_ERROR "no compilation of mqttwire-inspect: ${commands}")
endif()
foreach(compilation IN LISTS compilations)
    if(NOT compilation MATCHES " -O2 ")
        message(FATAL_ERROR "compiled without -O2: ${compilation}")
    endif()
endforeach()
