// Clock: whether SQL asks for the time.
#pragma once

#include <string_view>

namespace rynd::sql {

// Whether a SQL text calls a function that answers with the time at which the transaction began: now(),
// current_timestamp, current_date, today(), age(x), ... Strings, comments and quoted names do not count.
bool reads_clock(std::string_view sql);

}  // namespace rynd::sql
