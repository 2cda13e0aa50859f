// Markdown: GitHub's Markdown to HTML that is safe to show: raw HTML and script links are dropped.
#pragma once

#include <string>
#include <string_view>

namespace rynd::server {

// Tables, strike-through, autolinks, task lists and footnotes are on.
std::string markdown_to_html(std::string_view markdown);

}  // namespace rynd::server
