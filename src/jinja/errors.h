// Errors: inside the room a Python exception travels as a C++ one, for nothing in a template can catch it; every public
// function gives it back as data.
#pragma once

#include <string>
#include <utility>

#include "value.h"

namespace rynd::jinja {

// Thrown; never leaves the room.
struct Raised {
  Exception exception;
};

[[noreturn]] void throw_error(std::string type, std::string message);
[[noreturn]] void throw_type(std::string message);
[[noreturn]] void throw_value(std::string message);

// What a fallible call gave, or its exception thrown.
template <class T>
T take(Outcome<T> outcome) {
  if (!outcome) throw Raised{std::move(outcome.error())};
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

// Runs a body that throws and gives its exception back as data.
template <class Body>
auto guard(Body&& body) -> Outcome<decltype(body())> {
  try {
    if constexpr (std::is_void_v<decltype(body())>) {
      body();
      return {};
    } else {
      return body();
    }
  } catch (Raised& raised) {
    return std::unexpected(std::move(raised.exception));
  }
}

}  // namespace rynd::jinja
