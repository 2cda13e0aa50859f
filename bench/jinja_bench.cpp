// jinja_bench FILE...: microseconds to compile and to render each template, as lines of "FILE compile render bytes".
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/json.h"
#include "jinja/jinja.h"

namespace {

using namespace rynd;

// Of this process's own time: what else the machine does must not show.
double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::string read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// The median of nine series of about 20 ms each, in microseconds a call.
template <class Call>
double median(Call&& call) {
  call();
  const double start = seconds();
  call();
  const double once = seconds() - start;
  const int turns = std::max(1, static_cast<int>(0.02 / std::max(once, 2e-6)));
  std::vector<double> series;
  for (int at = 0; at < 9; ++at) {
    const double begin = seconds();
    for (int turn = 0; turn < turns; ++turn) call();
    series.push_back((seconds() - begin) * 1e6 / turns);
  }
  std::ranges::sort(series);
  return series[series.size() / 2];
}

jinja::ContextPtr context_of(const std::string& template_path) {
  const std::string path = template_path.substr(0, template_path.rfind('.')) + ".json";
  std::vector<std::pair<std::string, jinja::Value>> names;
  if (const auto document = json::read(make_source(path, read(path)))) {
    for (const Entry& entry : document->root.entries) names.emplace_back(entry.key, jinja::from_node(entry.value));
  }
  return jinja::make_context(std::move(names));
}

}  // namespace

int main(int count, char** arguments) {
  const jinja::Environment environment({.bind_macro_names = true});
  for (int at = 1; at < count; ++at) {
    const std::string path = arguments[at];
    const std::string text = read(path);
    const auto compiled = environment.compile(make_source(path, text));
    if (!compiled) {
      std::fprintf(stderr, "%s: %s\n", path.c_str(), compiled.error().front().message.c_str());
      return 1;
    }
    const jinja::ContextPtr context = context_of(path);
    const auto output = jinja::render(*compiled, context);
    if (!output) {
      std::fprintf(stderr, "%s: %s\n", path.c_str(), output.error().message.c_str());
      return 1;
    }
    const double compile = median([&] { (void)environment.compile(make_source(path, text)); });
    const double render = median([&] { (void)jinja::render(*compiled, context); });
    std::printf("%s %.3f %.3f %zu\n", path.c_str(), compile, render, output->size());
  }
}
