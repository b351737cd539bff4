# Takes the C++ out of the README, so that it is compiled and run as it stands there.
#
# Each C++ block follows a marker, <!-- snippet: NAME -->, and what a program prints follows <!-- output: NAME -->.
# A program (it has a main) becomes NAME.cpp, its output NAME.txt. The other blocks are declarations. snippets.hpp has all
# blocks that do not need fmt, each in a namespace of its own, readme_NAME.
#
#   mqttwire_extract_readme(README FOLDER)   sets readme_programs, the names of the programs
#
#   cmake -D README=... -D FOLDER=... -P extract.cmake
cmake_minimum_required(VERSION 3.24)

# The block that follows the first `opening` in `text`: its marker's name, its lines, and what stands behind it.
function(mqttwire_next_block text opening kind)
    string(FIND "${text}" "${opening}" at)
    if(at EQUAL -1)
        set(found FALSE PARENT_SCOPE)
        return()
    endif()
    string(SUBSTRING "${text}" 0 ${at} before)
    if(NOT before MATCHES "<!-- ${kind}: ([a-z_]+) -->$")
        string(SUBSTRING "${text}" ${at} 200 block)
        message(FATAL_ERROR "A block of the README has no marker <!-- ${kind}: NAME --> before it:${block}")
    endif()
    set(name ${CMAKE_MATCH_1})
    string(LENGTH "${opening}" opening_size)
    math(EXPR at "${at} + ${opening_size}")
    string(SUBSTRING "${text}" ${at} -1 behind)
    string(FIND "${behind}" "\n```\n" end)
    math(EXPR end "${end} + 1")
    string(SUBSTRING "${behind}" 0 ${end} lines)
    string(SUBSTRING "${behind}" ${end} -1 behind)
    string(REGEX MATCHALL "\n" newlines "${before}${opening}")
    list(LENGTH newlines line)

    set(found TRUE PARENT_SCOPE)
    set(name ${name} PARENT_SCOPE)
    set(lines "${lines}" PARENT_SCOPE)
    set(behind "${behind}" PARENT_SCOPE)
    set(line ${line} PARENT_SCOPE)
endfunction()

function(mqttwire_extract_readme readme folder)
    set(includes "")
    foreach(header mqttwire/mqttwire.hpp array cstddef cstdint optional span variant vector unistd.h)
        list(APPEND includes "#include <${header}>")
    endforeach()
    set(snippets "")
    set(programs "")

    file(READ ${readme} text)
    set(behind "${text}")
    set(line_of_rest 1)
    while(TRUE)
        mqttwire_next_block("${behind}" "\n```cpp\n" snippet)
        if(NOT found)
            break()
        endif()
        math(EXPR line "${line_of_rest} + ${line}")
        string(REGEX MATCHALL "\n" newlines "${lines}")
        list(LENGTH newlines line_of_rest)
        math(EXPR line_of_rest "${line} + ${line_of_rest}")

        set(numbered "#line ${line} \"${readme}\"\n${lines}")
        if(lines MATCHES "int main\\(")
            list(APPEND programs ${name})
            file(CONFIGURE OUTPUT ${folder}/${name}.cpp CONTENT "${numbered}" @ONLY)
        endif()
        if(NOT lines MATCHES "mqttwire/fmt.hpp")
            string(REGEX MATCHALL "#include <[^>]+>" included "${lines}")
            list(APPEND includes ${included})
            string(APPEND snippets "\nnamespace readme_${name} {\n${numbered}}\n")
        endif()
    endwhile()

    set(behind "${text}")
    while(TRUE)
        mqttwire_next_block("${behind}" "\n```text\n" output)
        if(NOT found)
            break()
        endif()
        file(CONFIGURE OUTPUT ${folder}/${name}.txt CONTENT "${lines}" @ONLY)
    endwhile()

    list(REMOVE_DUPLICATES includes)
    list(JOIN includes "\n" includes)
    file(CONFIGURE OUTPUT ${folder}/snippets.hpp @ONLY CONTENT
        "// The C++ of README.md.\n#pragma once\n\n${includes}\n\nnamespace mq = mqttwire;\n${snippets}")
    set(readme_programs ${programs} PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    mqttwire_extract_readme(${README} ${FOLDER})
endif()
