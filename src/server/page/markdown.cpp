// Markdown: one call into cmark-gfm, whose safe mode is what makes a page's text harmless.
#include "page/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <cstdlib>
#include <memory>

namespace rynd::server {

std::string markdown_to_html(std::string_view markdown) {
  struct FreeParser {
    void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
  };
  struct FreeNode {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
  };
  struct FreeText {
    void operator()(char* text) const { std::free(text); }
  };
  cmark_gfm_core_extensions_ensure_registered();
  const int options = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_FOOTNOTES;
  const std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(options));
  for (const char* name : {"table", "strikethrough", "autolink", "tasklist"}) {
    if (cmark_syntax_extension* extension = cmark_find_syntax_extension(name)) {
      cmark_parser_attach_syntax_extension(parser.get(), extension);
    }
  }
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  const std::unique_ptr<cmark_node, FreeNode> root(cmark_parser_finish(parser.get()));
  const std::unique_ptr<char, FreeText> html(
      cmark_render_html(root.get(), options, cmark_parser_get_syntax_extensions(parser.get())));
  return html.get();
}

}  // namespace rynd::server
