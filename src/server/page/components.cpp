// Components: the table. Names and meanings follow Evidence's components, so that its users need not learn new ones.
#include "page/components.h"

#include <algorithm>
#include <array>

namespace rynd::server {

namespace {

using enum AttributeType;

constexpr AttributeSpec data{"data", query, true, "the query whose rows are drawn"};
constexpr AttributeSpec title{"title", text, false, "stands above"};
constexpr AttributeSpec subtitle{"subtitle", text, false, "stands below the title"};
constexpr AttributeSpec empty{"emptyMessage", text, false, "what to say where the query has no rows"};

#define RYND_XY_ATTRIBUTES                                                                                           \
  data, AttributeSpec{"x", column, false, "the horizontal axis; the first column where not given"},                  \
      AttributeSpec{"y", columns, false, "one or several numbers; all other numeric columns where not given"},       \
      AttributeSpec{"series", column, false, "a line, or a colour, for each value of this column"}, title, subtitle, \
      AttributeSpec{"xAxisTitle", text, false, "names the horizontal axis"},                                         \
      AttributeSpec{"yAxisTitle", text, false, "names the vertical axis"},                                           \
      AttributeSpec{"xFmt", text, false, "format of the horizontal axis"},                                           \
      AttributeSpec{"yFmt", text, false, "format of the vertical axis and of the values"},                           \
      AttributeSpec{"yMin", number, false, "where the vertical axis begins"},                                        \
      AttributeSpec{"yMax", number, false, "where the vertical axis ends"},                                          \
      AttributeSpec{"legend", boolean, false, "show the legend; by itself where there are several series"},          \
      AttributeSpec{"chartAreaHeight", number, false, "height of the plot in pixels"}, empty

constexpr std::array line_attributes{RYND_XY_ATTRIBUTES,
                                     AttributeSpec{"step", boolean, false, "steps instead of straight lines"},
                                     AttributeSpec{"markers", boolean, false, "a dot at each point"},
                                     AttributeSpec{"yLog", boolean, false, "logarithmic vertical axis"}};
constexpr std::array area_attributes{
    RYND_XY_ATTRIBUTES, AttributeSpec{"type", choice, false, "how series share the area", "stacked|stacked100"}};
constexpr std::array bar_attributes{
    RYND_XY_ATTRIBUTES, AttributeSpec{"type", choice, false, "how series share a bar", "stacked|stacked100|grouped"},
    AttributeSpec{"swapXY", boolean, false, "horizontal bars"},
    AttributeSpec{"sort", boolean, false, "by size, largest first, where x is text; on unless {false}"},
    AttributeSpec{"labels", boolean, false, "print each value at its bar"}};
constexpr std::array scatter_attributes{
    RYND_XY_ATTRIBUTES, AttributeSpec{"pointSize", number, false, "diameter in pixels"},
    AttributeSpec{"tooltipTitle", column, false, "names a point when it is pointed at"}};
#undef RYND_XY_ATTRIBUTES

constexpr std::array table_attributes{
    data,
    title,
    subtitle,
    AttributeSpec{"rows", number, false, "rows on a page; 10 where not given, 'all' for all"},
    AttributeSpec{"search", boolean, false, "a field that filters the rows"},
    AttributeSpec{"sort", text, false, "column to sort by, and 'desc' or 'asc'"},
    AttributeSpec{"rowNumbers", boolean, false, "number the rows"},
    AttributeSpec{"rowShading", boolean, false, "shade every other row"},
    AttributeSpec{"downloadable", boolean, false, "offer the rows as CSV; on unless {false}"},
    empty};
constexpr std::array table_column_attributes{
    AttributeSpec{"id", column, true, "the column of the query"},
    AttributeSpec{"title", text, false, "heading; made of the name where not given"},
    AttributeSpec{"fmt", text, false, "format"},
    AttributeSpec{"align", choice, false, "numbers right, the rest left, where not given", "left|center|right"},
    AttributeSpec{"contentType", choice, false, "how a cell is drawn", "bar|delta|link"},
    AttributeSpec{"linkLabel", text, false, "what a link says instead of its address"}};
constexpr std::array big_value_attributes{
    data,
    AttributeSpec{"value", column, true, "the number, from the first row"},
    title,
    AttributeSpec{"fmt", text, false, "format"},
    AttributeSpec{"comparison", column, false, "a second number: a change, as a fraction"},
    AttributeSpec{"comparisonTitle", text, false, "says what it compares with"},
    AttributeSpec{"comparisonFmt", text, false, "format of the comparison"},
    AttributeSpec{"comparisonDelta", boolean, false, "draw it as a change; on unless {false}"},
    AttributeSpec{"downIsGood", boolean, false, "a falling number is the good news"},
    AttributeSpec{"sparkline", column, false, "draw the value over this column"}};
constexpr std::array value_attributes{data, AttributeSpec{"column", column, false, "the first where not given"},
                                      AttributeSpec{"row", number, false, "counted from 0"},
                                      AttributeSpec{"fmt", text, false, "format"}};
constexpr std::array dropdown_attributes{
    AttributeSpec{"name", text, true, "how queries call it: ${inputs.name.value}"},
    AttributeSpec{"data", query, false, "the query that has the choices"},
    AttributeSpec{"value", column, false, "the column of the choices"},
    AttributeSpec{"label", column, false, "the column of what the reader sees"},
    title,
    AttributeSpec{"defaultValue", text, false, "chosen at first; the first choice where not given"},
    AttributeSpec{"multiple", boolean, false, "several may be chosen: use `in ${inputs.name.value}`"},
    AttributeSpec{"noDefault", boolean, false, "nothing is chosen at first"}};
constexpr std::array dropdown_option_attributes{AttributeSpec{"value", text, true, "a choice"},
                                                AttributeSpec{"valueLabel", text, false, "what the reader sees"}};
constexpr std::array date_range_attributes{
    AttributeSpec{"name", text, true, "how queries call it: ${inputs.name.start}, ${inputs.name.end}"},
    AttributeSpec{"data", query, false, "the query that has the dates"},
    AttributeSpec{"dates", column, false, "its column of dates: the first and the last are the limits"},
    AttributeSpec{"start", text, false, "first day, as 2024-12-31"},
    AttributeSpec{"end", text, false, "last day"},
    title,
    AttributeSpec{"defaultValue", text, false, "a preset by name: 'Last 30 Days', 'Year to Date', 'All Time'"}};
constexpr std::array grid_attributes{
    AttributeSpec{"cols", number, false, "columns on a wide screen; 2 where not given"}};
constexpr std::array details_attributes{title, AttributeSpec{"open", boolean, false, "unfolded at first"}};
constexpr std::array alert_attributes{
    AttributeSpec{"status", choice, false, "its colour", "info|positive|warning|negative"}};

using enum ComponentKind;
constexpr std::array specs{
    ComponentSpec{"LineChart", chart, "", "a line over an ordered axis", line_attributes},
    ComponentSpec{"AreaChart", chart, "", "a filled line; series are stacked", area_attributes},
    ComponentSpec{"BarChart", chart, "", "bars by category or time", bar_attributes},
    ComponentSpec{"ScatterPlot", chart, "", "a point a row", scatter_attributes},
    ComponentSpec{"DataTable", table, "", "rows, sorted and searched", table_attributes},
    ComponentSpec{"Column", part, "DataTable", "a column of a table, and how it looks", table_column_attributes},
    ComponentSpec{"BigValue", value, "", "one number, large", big_value_attributes},
    ComponentSpec{"Value", value, "", "one number within a sentence", value_attributes},
    ComponentSpec{"Dropdown", input, "", "a choice", dropdown_attributes},
    ComponentSpec{"DropdownOption", part, "Dropdown", "a choice that no query has", dropdown_option_attributes},
    ComponentSpec{"DateRange", input, "", "a first and a last day", date_range_attributes},
    ComponentSpec{"Grid", container, "", "side by side", grid_attributes},
    ComponentSpec{"Details", container, "", "folded away until asked for", details_attributes},
    ComponentSpec{"Alert", container, "", "set off from the text", alert_attributes},
};

}  // namespace

const AttributeSpec* ComponentSpec::find(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &AttributeSpec::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::vector<std::string> ComponentSpec::attribute_names() const {
  std::vector<std::string> names;
  for (const AttributeSpec& attribute : attributes) names.emplace_back(attribute.name);
  return names;
}

std::span<const ComponentSpec> components() { return specs; }

const ComponentSpec* find_component(std::string_view name) {
  const auto found = std::ranges::find(specs, name, &ComponentSpec::name);
  return found == specs.end() ? nullptr : &*found;
}

std::vector<std::string> component_names() {
  std::vector<std::string> names;
  for (const ComponentSpec& spec : specs) names.emplace_back(spec.name);
  return names;
}

}  // namespace rynd::server
