// Inputs: what each input of a page offers and stands at, from the address's parameters and the inputs' own queries.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "http.h"
#include "page/compile.h"
#include "page/page.h"
#include "warehouse.h"

namespace rynd::server {

struct Choice {
  std::string value;
  std::string label;
};
struct DatePreset {
  std::string name;
  std::string start;
  std::string end;
};

// One input, resolved.
struct InputOffer {
  std::vector<Choice> choices;  // of a dropdown; the first 10,000
  std::string first;            // of a date range: the limits, "" where there is none
  std::string last;
  std::vector<DatePreset> presets;
  InputState state;
  Diagnostics errors;  // the input's own query failed; it then stands at what the address says
};

// Resolves a page's inputs on demand and once each: an input's query may use others. Lives as long as one request.
class Inputs {
 public:
  // `given`: the address's parameters, `name=value` (several for a multiple dropdown), `name.start=`, `name.end=`.
  Inputs(const Page& page, const Fields& given, Warehouse& warehouse, std::stop_token gone);

  const InputOffer& offer(const Component& input);
  // The states of the named inputs.
  InputStates states(const std::vector<std::string>& names);

 private:
  InputOffer resolve(const Component& input);
  void resolve_dropdown(const Component& input, InputOffer& offer);
  void resolve_range(const Component& input, InputOffer& offer);
  // The rows of the input's query, or of SQL around it; nullptr and an error in the offer where it fails.
  AnswerPtr ask(const Query& query, const std::string& before, const std::string& after, size_t limit,
                InputOffer& offer);

  const Page& page_;
  const Fields& given_;
  Warehouse& warehouse_;
  std::stop_token gone_;
  std::map<std::string, InputOffer, std::less<>> resolved_;
};

// The presets of a range that ends at `last` ("2024-12-31"), cut at `first`.
std::vector<DatePreset> date_presets(const std::string& first, const std::string& last);

// An error of the engine in a compiled query, at its place in the page.
Diagnostic at_page(Diagnostic diagnostic, const Page& page, const Query& query, const CompiledQuery& compiled,
                   size_t shift = 0);
std::vector<Parameter> parameters_of(const CompiledQuery& compiled);

}  // namespace rynd::server
