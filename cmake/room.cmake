# rynd_room(NAME PUBLIC header... USES room... [LIBRARIES lib...])
#
# A room is a folder of src/ and one static library. Its sources are all the .cpp files below the folder. Only the headers
# named PUBLIC are put on the include path of the rooms that list it in USES, as "NAME/header.h": an include that breaks
# the order of the rooms does not compile. Within a room, private headers are included by their path in the room.
# LIBRARIES stay private: a public header must not need a third-party header.
function(rynd_room name)
  cmake_parse_arguments(ROOM "" "" "PUBLIC;USES;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(rynd_${name} STATIC ${sources})
  foreach(header ${ROOM_PUBLIC})
    set(visible ${CMAKE_BINARY_DIR}/include/${name}/${name}/${header})
    get_filename_component(folder ${visible} DIRECTORY)
    file(MAKE_DIRECTORY ${folder})
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${header} ${visible} SYMBOLIC)
  endforeach()
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include/${name})
  target_include_directories(rynd_${name} PUBLIC ${CMAKE_BINARY_DIR}/include/${name}
                             PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR})
  foreach(used ${ROOM_USES})
    target_link_libraries(rynd_${name} PUBLIC rynd_${used})
  endforeach()
  target_link_libraries(rynd_${name} PRIVATE ${ROOM_LIBRARIES})
endfunction()

# rynd_room_tests(NAME): the unit tests in tests/unit/NAME, one program a room. They may see the room's private headers.
function(rynd_room_tests name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${name}/*.cpp)
  if(NOT sources OR NOT TARGET rynd_${name})
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src/${name} ${CMAKE_SOURCE_DIR}/tests/unit)
  target_compile_definitions(test_${name} PRIVATE RYND_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(test_${name} PRIVATE rynd_${name} ${ARGN} GTest::gtest_main)
  add_test(NAME ${name} COMMAND test_${name} --gtest_brief=1)
endfunction()
