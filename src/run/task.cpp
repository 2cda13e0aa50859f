// Task: the names of its kinds.
#include "run/task.h"

namespace rynd::run {

std::string_view name_of(TaskKind kind) {
  switch (kind) {
    case TaskKind::ingest:
      return "ingest";
    case TaskKind::seed:
      return "seed";
    case TaskKind::model:
      return "model";
    case TaskKind::snapshot:
      return "snapshot";
    case TaskKind::test:
      return "test";
    case TaskKind::unit_test:
      return "unit_test";
    case TaskKind::freshness:
      return "freshness";
    case TaskKind::exposure:
      return "exposure";
    case TaskKind::saved_query:
      return "saved_query";
    case TaskKind::function:
      return "function";
  }
  return "";
}

bool does_something(TaskKind kind) { return kind != TaskKind::exposure && kind != TaskKind::saved_query; }

}  // namespace rynd::run
