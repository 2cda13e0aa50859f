// Render: a diagnostic for people, for machines and for a log.
#include "base/render.h"

#include <algorithm>

#include "base/json.h"
#include "base/node.h"
#include "base/text.h"
#include "unicode.h"

namespace rynd {
namespace {

constexpr std::string_view reset = "\x1b[0m";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view blue = "\x1b[1;34m";
constexpr std::string_view cyan = "\x1b[1;36m";

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "";
}

std::string_view severity_color(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "\x1b[1;31m";
    case Severity::warning:
      return "\x1b[1;33m";
    case Severity::note:
      return cyan;
  }
  return "";
}

std::string place_text(const Span& span) {
  Position at = span.source->position(span.begin);
  return span.source->name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

// One character of a source line as it is drawn.
struct Cell {
  std::string text;
  int width = 1;
  bool marked = false;
};

// Tabs become four spaces; control characters, which could repaint a terminal, and what is no UTF-8 question marks.
std::vector<Cell> cells_of(std::string_view line, uint32_t line_begin, const Span& span) {
  std::vector<Cell> cells;
  for (size_t at = 0; at < line.size();) {
    size_t end = at + 1;
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) ++end;
    std::string_view bytes = line.substr(at, end - at);
    uint32_t offset = line_begin + static_cast<uint32_t>(at);
    Cell cell{std::string(bytes), display_width(bytes), offset >= span.begin && offset < span.end};
    auto first = static_cast<unsigned char>(bytes[0]);
    if (first == '\t') {
      cell.text = "    ";
      cell.width = 4;
    } else if (first < 0x20 || first == 0x7F || unicode::valid_sequence(bytes) != bytes.size()) {
      cell.text = "?";
      cell.width = 1;
    }
    cells.push_back(std::move(cell));
    at = end;
  }
  return cells;
}

int width_of(const std::vector<Cell>& cells) {
  int width = 0;
  for (const auto& cell : cells) width += cell.width;
  return width;
}

// Cuts a long line to `room` columns around its marked part, with "..." where something is left out.
void cut_around_mark(std::vector<Cell>& cells, int room) {
  if (width_of(cells) <= room) return;
  const Cell dots{"...", 3, false};
  auto mark = std::find_if(cells.begin(), cells.end(), [](const Cell& c) { return c.marked; });
  int before = 0;
  for (auto i = cells.begin(); i != mark; ++i) before += i->width;
  if (before > room / 2) {
    int excess = before - room / 3;
    auto keep = cells.begin();
    for (; keep != mark && excess > 0; ++keep) excess -= keep->width;
    cells.erase(cells.begin(), keep);
    cells.insert(cells.begin(), dots);
  }
  int width = 0;
  for (auto i = cells.begin(); i != cells.end(); ++i) {
    width += i->width;
    if (width > room - 3 && i + 1 != cells.end()) {
      cells.erase(i, cells.end());
      cells.push_back(dots);
      return;
    }
  }
}

// Draws the parts of one diagnostic; every line below the header starts in the same gutter.
class Drawing {
 public:
  Drawing(const TextStyle& style, int number_width) : style_(style), number_width_(number_width) {}

  void header(const Diagnostic& d) {
    out_ += paint(std::string(severity_name(d.severity)) + "[" + code_text(d.code) + "]", severity_color(d.severity));
    out_ += paint(": " + d.message, bold) + "\n";
  }

  void snippet(const Span& span, std::string_view arrow, const std::string& label, char underline,
               std::string_view color) {
    Position at = span.source->position(span.begin);
    out_ += margin() + paint(std::string(arrow), blue) + " " + place_text(span) + "\n";
    out_ += margin() + " " + paint("|", blue) + "\n";
    uint32_t line_begin = span.source->offset(at.line, 1);
    auto cells = cells_of(span.source->line(at.line), line_begin, span);
    auto marked = [](const Cell& c) { return c.marked; };
    // A place between characters, or at the end of a line, gets one caret of its own.
    if (std::none_of(cells.begin(), cells.end(), marked)) {
      auto column = static_cast<size_t>(at.column - 1);
      if (column >= cells.size())
        cells.push_back({" ", 1, true});
      else
        cells[column].marked = true;
    }
    cut_around_mark(cells, std::max(20, style_.width - number_width_ - 4));
    std::string number = std::to_string(at.line);
    std::string text, carets;
    for (const auto& cell : cells) {
      text += cell.text;
      carets += std::string(cell.width, cell.marked ? underline : ' ');
    }
    // A mark on combining characters alone has no width of its own.
    if (carets.find(underline) == std::string::npos) carets += underline;
    out_ += paint(std::string(number_width_ + 1 - number.size(), ' ') + number + " |", blue);
    line_end(text.empty() ? "" : " " + text);
    carets.erase(carets.find_last_not_of(' ') + 1);
    size_t lead = carets.find_first_not_of(' ');
    std::string words = carets.substr(lead) + (label.empty() ? "" : " " + label);
    out_ += margin() + " " + paint("|", blue) + " " + std::string(lead, ' ') + paint(words, color) + "\n";
  }

  void note(const std::string& text) {
    std::string indent = "\n" + margin() + "   ";
    out_ += margin() + " " + paint("=", blue) + " " + replace_all(text, "\n", indent) + "\n";
  }

  std::string take() { return std::move(out_); }

 private:
  std::string margin() const { return std::string(number_width_ + 1, ' '); }

  std::string paint(std::string text, std::string_view color) const {
    if (!style_.color) return text;
    return std::string(color) + text + std::string(reset);
  }

  void line_end(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    out_ += text + "\n";
  }

  const TextStyle& style_;
  int number_width_;
  std::string out_;
};

int number_width(const Diagnostic& d) {
  int line = 1;
  auto look = [&line](const Span& span) {
    if (span) line = std::max(line, span.source->position(span.begin).line);
  };
  look(d.span);
  for (const auto& label : d.related) look(label.span);
  return static_cast<int>(std::to_string(line).size());
}

Node text_or_null(const std::string& text) { return text.empty() ? Node{} : Node::of(text); }

Node json_node(const Diagnostic& d) {
  Node node = Node::map();
  node.set("code", Node::of(code_text(d.code)));
  node.set("severity", Node::of(severity_name(d.severity)));
  node.set("message", Node::of(d.message));
  for (const char* key : {"file", "line", "column", "end_line", "end_column"}) node.set(key, Node{});
  if (d.span) {
    Position begin = d.span.source->position(d.span.begin);
    Position end = d.span.source->position(d.span.end);
    node.set("file", Node::of(d.span.source->name()));
    node.set("line", Node::of(begin.line));
    node.set("column", Node::of(begin.column));
    node.set("end_line", Node::of(end.line));
    node.set("end_column", Node::of(end.column));
  }
  Node notes = Node::list();
  if (!d.label.empty()) notes.items.push_back(Node::of(d.label));
  for (const auto& label : d.related) {
    notes.items.push_back(Node::of((label.span ? place_text(label.span) + ": " : "") + label.text));
  }
  for (const auto& note : d.notes) notes.items.push_back(Node::of(note));
  node.set("notes", std::move(notes));
  node.set("help", text_or_null(d.help));
  return node;
}

}  // namespace

std::string render_text(const Diagnostic& d, const TextStyle& style) {
  Drawing drawing(style, number_width(d));
  drawing.header(d);
  if (d.span)
    drawing.snippet(d.span, "-->", d.label, '^', severity_color(d.severity));
  else if (!d.label.empty())
    drawing.note(d.label);
  for (const auto& label : d.related) {
    if (label.span)
      drawing.snippet(label.span, ":::", label.text, '-', blue);
    else
      drawing.note(label.text);
  }
  for (const auto& note : d.notes) drawing.note(note);
  if (!d.help.empty()) drawing.note("help: " + d.help);
  return drawing.take();
}

std::string render_text(const Diagnostics& diagnostics, const TextStyle& style) {
  std::string text;
  for (const auto& d : diagnostics) text += (text.empty() ? "" : "\n") + render_text(d, style);
  return text;
}

std::string render_json(const Diagnostic& diagnostic) { return json::write(json_node(diagnostic)); }

std::string render_json(const Diagnostics& diagnostics) {
  Node list = Node::list();
  for (const auto& d : diagnostics) list.items.push_back(json_node(d));
  return json::write(list);
}

std::string render_log(const Diagnostic& d) {
  std::string text = std::string(severity_name(d.severity)) + " " + code_text(d.code) + " ";
  if (d.span) text += place_text(d.span) + " ";
  text += d.message;
  if (!d.label.empty()) text += "; " + d.label;
  for (const auto& label : d.related) {
    text += "; " + (label.span ? place_text(label.span) + " " : "") + label.text;
  }
  for (const auto& note : d.notes) text += "; " + note;
  if (!d.help.empty()) text += "; help: " + d.help;
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace rynd
