// init: a new project that builds as it is.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "commands/all.h"

namespace rynd::cli {
namespace {

constexpr Flag own_flags[] = {
    {"skip-profile-setup", FlagKind::toggle, ""},
    {"profile", FlagKind::value, "", {}, "NAME"},
    {"project-dir", FlagKind::value, "", {}, "PATH"},
    {"profiles-dir", FlagKind::value, "", {}, "PATH"},
};

struct StarterFile {
  std::string_view path;
  std::string_view text;
};

// NAME stands for the project's name. No profiles.yml: without one the warehouse is ./warehouse.duckdb.
constexpr std::array<StarterFile, 8> starter{{
    {"dbt_project.yml",
     "name: NAME\n"
     "version: \"1.0\"\n"
     "\n"
     "models:\n"
     "  NAME:\n"
     "    staging:\n"
     "      +materialized: view\n"
     "    marts:\n"
     "      +materialized: table\n"},
    {"seeds/raw_orders.csv",
     "order_id,customer,ordered_on,amount\n"
     "1,Ada,2024-01-03,120.50\n"
     "2,Grace,2024-01-04,80.00\n"
     "3,Ada,2024-02-11,42.25\n"
     "4,Edsger,2024-02-17,310.00\n"
     "5,Grace,2024-02-20,15.75\n"},
    {"models/staging/stg_orders.sql",
     "select\n"
     "    order_id,\n"
     "    customer,\n"
     "    ordered_on,\n"
     "    amount\n"
     "from {{ ref('raw_orders') }}\n"},
    {"models/marts/monthly_revenue.sql",
     "select\n"
     "    date_trunc('month', ordered_on) as month,\n"
     "    count(*) as orders,\n"
     "    sum(amount) as revenue\n"
     "from {{ ref('stg_orders') }}\n"
     "group by all\n"
     "order by month\n"},
    {"models/schema.yml",
     "models:\n"
     "  - name: stg_orders\n"
     "    description: One row an order.\n"
     "    columns:\n"
     "      - name: order_id\n"
     "        data_tests: [unique, not_null]\n"
     "  - name: monthly_revenue\n"
     "    description: Orders and revenue of each month.\n"
     "    columns:\n"
     "      - name: month\n"
     "        data_tests: [unique, not_null]\n"},
    {"pages/index.md",
     "---\n"
     "title: Revenue\n"
     "---\n"
     "\n"
     "```sql monthly\n"
     "select * from monthly_revenue order by month\n"
     "```\n"
     "\n"
     "<BarChart data={monthly} x=month y=revenue />\n"
     "\n"
     "<DataTable data={monthly} />\n"},
    {".gitignore", "target/\nlogs/\n.rynd/\n*.duckdb\n*.duckdb.wal\n"},
    {"README.md",
     "# NAME\n"
     "\n"
     "    rynd build    builds and tests everything\n"
     "    rynd up       shows pages/ in the browser\n"},
}};

// A package's name: letters, digits and underscores, no digit first.
bool is_name(const std::string& name) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return !name.empty() && std::ranges::all_of(name, allowed) && !std::isdigit(static_cast<unsigned char>(name[0]));
}

int run_init(const Invocation& invocation, Session& session) {
  const std::string name = invocation.arguments.empty() ? "my_project" : invocation.arguments[0];
  if (!is_name(name)) {
    session.console.report({.code = Code::usage,
                            .message = "'" + name + "' cannot be a project's name",
                            .help = "use letters, digits and underscores, and begin with a letter"});
    return exit_unable;
  }
  Files& files = session.world.files;
  const std::filesystem::path folder = std::filesystem::path(invocation.text("project-dir", ".")) / name;
  if (files.exists(folder)) {
    session.console.report({.code = Code::exists_already,
                            .message = "'" + folder.lexically_normal().string() + "' is there already",
                            .help = "choose another name, or remove it"});
    return exit_unable;
  }
  for (const StarterFile& file : starter) {
    const std::string text = replace_all(file.text, "NAME", name);
    if (const Result<void> written = files.write_durably(folder / file.path, text); !written) {
      session.console.report(written.error());
      return exit_unable;
    }
  }
  session.console.say("Made " + name + ". Next:\n  cd " + name + "\n  rynd build\n  rynd up");
  return exit_done;
}

}  // namespace

Command init_command() {
  return {.name = "init",
          .group = CommandGroup::start,
          .summary = "make a new project that builds",
          .arguments = "[NAME]",
          .most_arguments = 1,
          .flag_groups = follows_dbt,
          .flags = own_flags,
          .examples = "rynd init my_project && cd my_project && rynd build",
          .run = run_init};
}

}  // namespace rynd::cli
