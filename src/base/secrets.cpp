// Secrets: see the header.
#include "base/secrets.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace rynd {

Secrets::Secrets(Process& process) {
  for (const auto& [name, value] : process.environment_of("DBT_ENV_SECRET")) {
    if (value.empty()) continue;
    values_.push_back(value);
    const std::string quoted = json::quote(value);
    const std::string escaped = quoted.substr(1, quoted.size() - 2);
    if (escaped != value) values_.push_back(escaped);
  }
  std::ranges::sort(values_, std::ranges::greater(), &std::string::size);
}

std::string Secrets::hidden(std::string_view text) const {
  std::string result(text);
  if (text.contains('\0')) return result;
  for (const std::string& value : values_) result = replace_all(result, value, "*****");
  return result;
}

bool Secrets::occur_in(std::string_view bytes) const {
  return std::ranges::any_of(values_, [&](const std::string& value) { return bytes.contains(value); });
}

Result<void> DiscreetFiles::write(const std::filesystem::path& path, std::string_view text) {
  return files_.write(path, secrets_.hidden(text));
}
Result<void> DiscreetFiles::write_durably(const std::filesystem::path& path, std::string_view text) {
  return files_.write_durably(path, secrets_.hidden(text));
}
// A secret may stand where two pieces meet. Bytes that are no text, a cache, cannot be starred: with a secret in it
// there is none.
Result<void> DiscreetFiles::write_pieces(const std::filesystem::path& path,
                                         const std::function<void(const TextSink&)>& fill) {
  std::string text;
  fill([&](std::string_view piece) { text += piece; });
  if (text.contains('\0') && secrets_.occur_in(text)) {
    return fail({.code = Code::file_unwritable,
                 .message = "'" + path.string() + "' would hold the value of a DBT_ENV_SECRET variable"});
  }
  return write(path, text);
}
// What only this user reads may be what keeps the secret.
Result<void> DiscreetFiles::write_private(const std::filesystem::path& path, std::string_view text) {
  return files_.write_private(path, text);
}
Result<void> DiscreetFiles::append(const std::filesystem::path& path, std::string_view text) {
  return files_.append(path, secrets_.hidden(text));
}

}  // namespace rynd
