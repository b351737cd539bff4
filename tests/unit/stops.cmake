# Runs a program that must be stopped, not end, and must say why on stderr (MESSAGE; empty: must say nothing).
#   cmake -D PROGRAM=... -D CASE=... -D MESSAGE=... -P stops.cmake
execute_process(COMMAND ${PROGRAM} ${CASE} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE said)
if(output MATCHES "went on" OR status EQUAL 0 OR status EQUAL 1)
    message(FATAL_ERROR "${CASE}: the program was not stopped, but ended with ${status}: ${output}${said}")
endif()
string(STRIP "${said}" said)
if(NOT said STREQUAL MESSAGE)
    message(FATAL_ERROR "${CASE}: said \"${said}\" and not \"${MESSAGE}\"")
endif()
message(STATUS "${CASE}: ${status}")
