#include "tools/replay/audit/html.hpp"

#include "events/common/shown.hpp"
#include "events/common/utf8.hpp"

namespace fc::replay::html {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::string_view entity(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return {};
  }
}

} // namespace

std::string escaped(std::string_view x) {
  std::string result;
  result.reserve(x.size() + x.size() / 8);
  while (!x.empty()) {
    const auto next = events::common::next_character(x);
    const bool layout = next.code == '\n' || next.code == '\t';
    if (const auto special = entity(x.front()); !special.empty())
      result += special;
    else if (!next.valid || (events::common::is_hidden(next.code) && !layout))
      result += replacement;
    else
      result += x.substr(0, next.length);
    x.remove_prefix(next.length);
  }
  return result;
}

std::string element(std::string_view name, std::string_view text) {
  const std::string tag{name};
  return "<" + tag + ">" + escaped(text) + "</" + tag.substr(0, tag.find(' '))
         + ">";
}

std::string_view style() noexcept {
  return R"(:root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#57606a;
--line:#d0d7de;--box:#f6f8fa;--screen:#57606a;--confirm:#1550c4;--twin:#a34100;
--mark:#1b1f24}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--ink:#e6e8ea;--soft:#a3acb5;
--line:#3b434b;--box:#1d2226;--screen:#a3acb5;--confirm:#86b4ff;--twin:#f2b366;
--mark:#e6e8ea}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:1rem}
h1{margin:0;font-size:1.1rem;color:var(--soft)}
h2{margin:2rem 0 .5rem;font-size:1.25rem}
h3,h4{margin:0;font-size:1rem}
h4{margin-bottom:.3rem}
.title{margin:.2rem 0 .8rem;font-size:1.5rem;line-height:1.25;font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0}
dt,.meta,.words,footer{color:var(--soft)}
dd,p{margin:0}
.conclusion{margin:1rem 0;padding:.7rem 1rem;background:var(--box);
border-left:4px solid var(--confirm)}
ol{list-style:none;margin:0;padding:0}
li{margin:0;padding:.8rem 0;border-top:1px solid var(--line)}
.meta,.words,footer{font-size:.875rem}
.more,.note{padding-left:1.5rem}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;font-size:.875rem}
th,td{padding:.15rem .6rem;text-align:left;vertical-align:top;
border-bottom:1px solid var(--line);overflow-wrap:normal}
th:first-child,td:first-child{padding-left:0;min-width:12rem;overflow-wrap:anywhere}
.right{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.note{color:var(--soft)}
details{margin:.5rem 0}
summary{cursor:pointer}
pre{overflow-x:auto;padding:.7rem;background:var(--box);font-size:.8rem}
a{color:var(--confirm)}
figure{margin:1rem 0;max-width:40rem;break-inside:avoid}
svg{display:block;width:100%;height:auto;background:var(--box)}
svg text{font:11px system-ui,sans-serif;fill:var(--ink)}
svg .soft{fill:var(--soft)}
.dots{fill:none;stroke-linecap:round;stroke-width:4.5;stroke-opacity:.75}
.screen{stroke:var(--screen)}.confirm{stroke:var(--confirm)}
.twin{stroke:var(--twin);stroke-linecap:square;stroke-width:3.5}
.one{stroke:var(--mark);stroke-width:1}
.limit{stroke:var(--mark);stroke-width:1;stroke-dasharray:4 3}
.median{stroke:var(--mark);stroke-width:2.5}
.interval{fill:none;stroke:var(--mark);stroke-width:1.5}
.axis{stroke:var(--line);stroke-width:1}
footer{margin-top:2rem;border-top:1px solid var(--line);padding-top:.5rem}
@media print{:root{--page:#fff;--ink:#000;--box:#fff;--soft:#333}
body{font-size:11pt}.scroll{overflow:visible}
details::details-content{content-visibility:visible;display:block}}
)";
}

} // namespace fc::replay::html
