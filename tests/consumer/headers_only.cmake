# What the README says of the headers alone: `cmake -B build && cmake --install build` needs no package and no network, and
# says what is left out. What was installed can be moved, and pkg-config finds it there.
file(REMOVE_RECURSE ${folder})
execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${source} -B ${folder}/build -D CMAKE_CXX_COMPILER=${compiler}
        -D CMAKE_DISABLE_FIND_PACKAGE_fmt=ON -D CMAKE_DISABLE_FIND_PACKAGE_Catch2=ON
        -D FETCHCONTENT_FULLY_DISCONNECTED=ON
    OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
foreach(part IN ITEMS "mqttwire-inspect" "the tests")
    if(NOT said MATCHES "mqttwire: ${part} will not be built, for there is no fmt")
        message(FATAL_ERROR "nothing says that ${part} is left out: ${said}")
    endif()
endforeach()
execute_process(COMMAND ${CMAKE_COMMAND} --install ${folder}/build --prefix ${folder}/first COMMAND_ERROR_IS_FATAL ANY)

# Who asks for the tests gets them or a failure.
execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${source} -B ${folder}/asked -D CMAKE_CXX_COMPILER=${compiler}
        -D CMAKE_DISABLE_FIND_PACKAGE_fmt=ON -D CMAKE_DISABLE_FIND_PACKAGE_Catch2=ON
        -D FETCHCONTENT_FULLY_DISCONNECTED=ON -D MQTTWIRE_BUILD_TESTS=ON
    OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE status)
if(status EQUAL 0)
    message(FATAL_ERROR "the tests were asked for and left out in silence")
endif()

file(RENAME ${folder}/first ${folder}/moved)
set(ENV{PKG_CONFIG_PATH} ${folder}/moved/share/pkgconfig)
execute_process(COMMAND ${pkg_config} --modversion mqttwire OUTPUT_VARIABLE version COMMAND_ERROR_IS_FATAL ANY)
if(NOT version MATCHES "^[0-9]+[.][0-9]+[.][0-9]+\n$")
    message(FATAL_ERROR "pkg-config says that the version is ${version}")
endif()
execute_process(COMMAND ${pkg_config} --cflags --libs mqttwire OUTPUT_VARIABLE options COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(options UNIX_COMMAND "${options}")
execute_process(COMMAND ${compiler} ${flags} -std=c++20 ${options} ${program} -o ${folder}/program
    COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${folder}/program COMMAND_ERROR_IS_FATAL ANY)
