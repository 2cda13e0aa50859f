// Handles: DuckDB's C objects, each with one owner.
#pragma once

#include <duckdb.h>

#include <utility>

namespace rynd::engine::duck {

// Owns a C handle and destroys it through its address, as DuckDB's destroy functions want it.
template <class T, auto destroy>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T raw) : raw_(raw) {}
  Handle(Handle&& other) noexcept : raw_(std::exchange(other.raw_, T{})) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~Handle() {
    if (raw_) destroy(&raw_);
  }
  T get() const { return raw_; }
  // For functions that fill the handle in; what it held is destroyed first.
  T* out() {
    if (raw_) destroy(&raw_);
    raw_ = T{};
    return &raw_;
  }
  explicit operator bool() const { return raw_ != nullptr; }

 private:
  T raw_{};
};

using DatabaseHandle = Handle<duckdb_database, duckdb_close>;
using ConnectionHandle = Handle<duckdb_connection, duckdb_disconnect>;
using ConfigHandle = Handle<duckdb_config, duckdb_destroy_config>;
using StatementsHandle = Handle<duckdb_extracted_statements, duckdb_destroy_extracted>;
using PreparedHandle = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using PendingHandle = Handle<duckdb_pending_result, duckdb_destroy_pending>;
using ChunkHandle = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using TypeHandle = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;
using ValueHandle = Handle<duckdb_value, duckdb_destroy_value>;
using AppenderHandle = Handle<duckdb_appender, duckdb_appender_destroy>;
using ErrorHandle = Handle<duckdb_error_data, duckdb_destroy_error_data>;

// A result is a struct, not a pointer; destroying one that was never filled is harmless because it starts as zeros.
class ResultHandle {
 public:
  ResultHandle() = default;
  ResultHandle(ResultHandle&& other) noexcept : raw_(std::exchange(other.raw_, duckdb_result{})) {}
  ResultHandle& operator=(ResultHandle&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~ResultHandle() { duckdb_destroy_result(&raw_); }
  duckdb_result* get() { return &raw_; }

 private:
  duckdb_result raw_{};
};

}  // namespace rynd::engine::duck
