# DuckDB's static library: the Go module that bootstrap.sh fetched and checked (docs/dependencies.md).
set(RYND_DUCKDB_DIR "$ENV{RYND_DUCKDB_DIR}" CACHE PATH "Folder with duckdb.h and libduckdb_static.a")
if(NOT RYND_DUCKDB_DIR)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/duckdb.sh --print OUTPUT_VARIABLE RYND_DUCKDB_FOUND
                  OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE RYND_DUCKDB_STATUS)
  if(NOT RYND_DUCKDB_STATUS EQUAL 0)
    message(FATAL_ERROR "DuckDB's static library is not here. Run ./bootstrap.sh, or set RYND_DUCKDB_DIR.")
  endif()
  set(RYND_DUCKDB_DIR ${RYND_DUCKDB_FOUND} CACHE PATH "Folder with duckdb.h and libduckdb_static.a" FORCE)
endif()

find_package(Threads REQUIRED)
add_library(duckdb INTERFACE)
target_include_directories(duckdb SYSTEM INTERFACE ${RYND_DUCKDB_DIR})
target_link_directories(duckdb INTERFACE ${RYND_DUCKDB_DIR})
target_link_libraries(duckdb INTERFACE
  -Wl,--start-group
  duckdb_static duckdb_generated_extension_loader autocomplete_extension core_functions_extension icu_extension
  json_extension parquet_extension tpcds_extension tpch_extension duckdb_fastpforlib duckdb_fmt duckdb_fsst
  duckdb_hyperloglog duckdb_mbedtls duckdb_miniz duckdb_pg_query duckdb_re2 duckdb_skiplistlib duckdb_utf8proc
  duckdb_yyjson duckdb_zstd
  -Wl,--end-group Threads::Threads ${CMAKE_DL_LIBS})
