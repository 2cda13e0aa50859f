// SiteCommand: the routes with which another process works on the warehouse that this one holds.
#include <fmt/format.h>

#include <mutex>

#include "base/json.h"
#include "base/text.h"
#include "result_json.h"
#include "site.h"

namespace rynd::server {

namespace {

Result<Document> read_body(const Request& request) {
  Result<Document> document = json::read(make_source("<request>", request.body));
  if (!document) return document;
  if (document->root.is_mapping()) return document;
  return fail({.code = Code::request_refused, .message = "the request is not a JSON object"});
}

Response malformed(std::string message) {
  return error_response({{.code = Code::request_refused, .message = std::move(message)}}, 400);
}

// A chunk of a program's output may end within a character; JSON may not.
std::string valid_utf8(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
    bool whole = length > 0 && i + length <= text.size();
    for (size_t k = 1; whole && k < length; ++k) whole = (static_cast<unsigned char>(text[i + k]) & 0xC0) == 0x80;
    if (whole)
      out += text.substr(i, length);
    else
      out += "\xEF\xBF\xBD";
    i += whole ? length : 1;
  }
  return out;
}

}  // namespace

Response Site::query(Request& request) {
  const Result<Document> body = read_body(request);
  if (!body) return error_response({body.error()}, 400);
  const Node* sql = body->root.find("sql");
  const Node* limit = body->root.find("limit");
  if (sql == nullptr || !sql->is_string()) return malformed("'sql' is missing");
  const size_t most = limit != nullptr && limit->integer > 0 ? static_cast<size_t>(limit->integer) : SIZE_MAX;
  const Result<AnswerPtr> answer = warehouse_.ask(sql->text, {}, most, request.gone);
  if (!answer) return error_response({answer.error()}, 422);
  return {.body = open_result_json(**answer) + "}", .headers = {{"Cache-Control", "no-store"}}};
}

Response Site::command(Request& request) {
  const Result<Document> body = read_body(request);
  if (!body) return error_response({body.error()}, 400);
  const Node* given = body->root.find("arguments");
  if (given == nullptr || !given->is_sequence() || given->items.empty()) return malformed("'arguments' is missing");
  if (!options_.command) return malformed("this server runs no commands");
  std::vector<std::string> arguments;
  for (const Node& item : given->items) arguments.push_back(item.text);
  Response response{.type = "application/x-ndjson"};
  response.stream = [this, arguments = std::move(arguments)](const Write& write, std::stop_token gone) {
    std::mutex mutex;  // a command's workers write from their own threads
    const auto send = [&](std::string_view name, std::string_view text) {
      const std::lock_guard lock(mutex);
      write(fmt::format("{{\"{}\":{}}}\n", name, json::quote(valid_utf8(text))));
    };
    const CommandOutput output{.out = [&](std::string_view text) { send("out", text); },
                               .err = [&](std::string_view text) { send("err", text); }};
    const int code = options_.command(arguments, output, gone);
    write(fmt::format("{{\"exit\":{}}}\n", code));
  };
  return response;
}

}  // namespace rynd::server
