# What mqttwire-inspect shows, on a page: INSPECT is the program, and CAPTURES says whether it reads captures.
function(show title expected_status)
    execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${title}")
    execute_process(COMMAND ${INSPECT} --width 80 ${ARGN} RESULT_VARIABLE status)
    if(NOT status EQUAL expected_status)
        message(FATAL_ERROR "exit status ${status}")
    endif()
endfunction()

set(demo ${CMAKE_CURRENT_LIST_DIR}/inspect/demo)
if(CAPTURES)
    show("A conversation with a server, from a capture (> the client sends, < the server):" 0 ${demo}/conversation.pcapng)
else()
    show("What a client sent (this program was built without libpcap, which reads captures):" 0
        ${CMAKE_CURRENT_LIST_DIR}/../tests/captures/paho-5.0-session.client.bin)
endif()
show("\nOne packet, byte by byte:" 0 --explain --mqtt 5.0 --hex ${demo}/publish.hex)
show("A broken packet:" 1 --mqtt 5.0 --hex ${demo}/broken.hex)
