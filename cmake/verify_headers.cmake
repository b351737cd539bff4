# all_verify_interface_header_sets: every header compiles alone. fmt.hpp is verified where fmt is: see fmt.cmake.
include(${PROJECT_SOURCE_DIR}/cmake/headers.cmake)

add_library(mqttwire_headers INTERFACE)
target_link_libraries(mqttwire_headers INTERFACE mqttwire)
list(TRANSFORM MQTTWIRE_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/)
target_sources(mqttwire_headers INTERFACE
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${MQTTWIRE_HEADERS})
set_target_properties(mqttwire_headers PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
