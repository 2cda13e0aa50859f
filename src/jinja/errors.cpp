// Errors: making and throwing exceptions.
#include "errors.h"

#include "jinja.h"
#include "modules.h"

namespace rynd::jinja {

std::unexpected<Exception> raise(std::string type, std::string message) {
  return std::unexpected(Exception{std::move(type), std::move(message)});
}

std::unexpected<Exception> raise(Diagnostic diagnostic) {
  Exception exception{"CompilationError", diagnostic.message};
  exception.diagnostic = std::make_shared<const Diagnostic>(std::move(diagnostic));
  return std::unexpected(std::move(exception));
}

void throw_error(std::string type, std::string message) { throw Raised{{std::move(type), std::move(message)}}; }
void throw_type(std::string message) { throw_error("TypeError", std::move(message)); }
void throw_value(std::string message) { throw_error("ValueError", std::move(message)); }

}  // namespace rynd::jinja
