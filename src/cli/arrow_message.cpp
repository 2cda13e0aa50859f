// ArrowMessage: a small flatbuffer writer. Tables are written before what they point to, so that a buffer grows in one
// direction; a reader does not mind.
#include "arrow_message.h"

#include <algorithm>
#include <cstring>

namespace rynd::cli {
namespace {

constexpr int16_t metadata_v5 = 4;
enum Header : uint8_t { schema_header = 1, batch_header = 3 };

template <class Number>
void append(std::string& bytes, Number value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);  // little-endian, as the machine is
}

void pad(std::string& bytes, size_t to) { bytes.resize((bytes.size() + to - 1) / to * to, '\0'); }

// One field of a table: a number of `size` bytes, or (`pointer`) the place of something that follows.
struct Slot {
  int id;
  size_t size;
  int64_t value = 0;
  bool pointer = false;
};

Slot number(int id, size_t size, int64_t value) { return {id, size, value}; }
Slot pointer(int id) { return {id, 4, 0, true}; }

class Flat {
 public:
  Flat() { append<uint32_t>(bytes_, 0); }

  // Writes a table; `places` gets where each pointer of it stands, in the order of `slots`.
  size_t table(std::vector<Slot> slots, std::vector<size_t*> places = {}) {
    int most = -1;
    for (const Slot& slot : slots) most = std::max(most, slot.id);
    const size_t vtable = 4 + 2 * static_cast<size_t>(most + 1);
    // Its fields of eight bytes come first, behind the four bytes that point to the vtable.
    while ((bytes_.size() + vtable) % 8 != 4) bytes_.push_back('\0');
    const size_t vtable_at = bytes_.size();
    bytes_.resize(vtable_at + vtable, '\0');
    const size_t at = bytes_.size();
    append(bytes_, static_cast<int32_t>(at - vtable_at));
    std::vector<const Slot*> ordered;
    for (const Slot& slot : slots) ordered.push_back(&slot);
    std::ranges::stable_sort(ordered, std::greater(), [](const Slot* slot) { return slot->size; });
    std::vector<size_t> where(slots.size());
    for (const Slot* slot : ordered) {
      where[static_cast<size_t>(slot - slots.data())] = bytes_.size();
      put(vtable_at + 4 + 2 * static_cast<size_t>(slot->id), static_cast<uint16_t>(bytes_.size() - at));
      bytes_.append(reinterpret_cast<const char*>(&slot->value), slot->size);
    }
    put(vtable_at, static_cast<uint16_t>(vtable));
    put(vtable_at + 2, static_cast<uint16_t>(bytes_.size() - at));
    auto place = places.begin();
    for (size_t i = 0; i < slots.size(); ++i)
      if (slots[i].pointer && place != places.end()) **place++ = where[i];
    return at;
  }

  // The pointer at `from` points to `to`, which stands behind it.
  void point(size_t from, size_t to) { put(from, static_cast<uint32_t>(to - from)); }

  size_t text(std::string_view text) {
    pad(bytes_, 4);
    const size_t at = bytes_.size();
    append(bytes_, static_cast<uint32_t>(text.size()));
    bytes_ += text;
    bytes_.push_back('\0');
    return at;
  }

  // A vector of pointers, all to be set; where its first one stands is four behind.
  size_t pointers(size_t count) {
    pad(bytes_, 4);
    const size_t at = bytes_.size();
    append(bytes_, static_cast<uint32_t>(count));
    bytes_.resize(bytes_.size() + 4 * count, '\0');
    return at;
  }

  // A vector of structs of two 64-bit numbers each.
  size_t pairs(const std::vector<std::pair<int64_t, int64_t>>& items) {
    while (bytes_.size() % 8 != 4) bytes_.push_back('\0');
    const size_t at = bytes_.size();
    append(bytes_, static_cast<uint32_t>(items.size()));
    for (const auto& [first, second] : items) {
      append(bytes_, first);
      append(bytes_, second);
    }
    return at;
  }

  std::string take() {
    pad(bytes_, 8);
    return std::move(bytes_);
  }

 private:
  template <class Number>
  void put(size_t at, Number value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }

  std::string bytes_;
};

// The frame around metadata and body: a mark, the metadata's length, both.
std::string framed(Flat& flat, const std::string& body) {
  const std::string metadata = flat.take();
  std::string message;
  append<uint32_t>(message, 0xFFFFFFFF);
  append(message, static_cast<int32_t>(metadata.size()));
  return message + metadata + body;
}

// The Message table; gives where the pointer to its header stands.
size_t begin_message(Flat& flat, Header header, size_t body) {
  size_t place = 0;
  const size_t root = flat.table(
      {number(0, 2, metadata_v5), number(1, 1, header), pointer(2), number(3, 8, static_cast<int64_t>(body))},
      {&place});
  flat.point(0, root);
  return place;
}

size_t type_table(Flat& flat, const ArrowType& type) {
  using enum ArrowType::Kind;
  constexpr int64_t microseconds = 2;
  switch (type.kind) {
    case integer:
      return flat.table({number(0, 4, type.bits), number(1, 1, type.is_signed)});
    case real:
      return flat.table({number(0, 2, type.bits == 32 ? 1 : 2)});
    case decimal:
      return flat.table({number(0, 4, type.precision), number(1, 4, type.scale), number(2, 4, 128)});
    case date:
      return flat.table({number(0, 2, 0)});  // days
    case time:
      return flat.table({number(0, 2, microseconds), number(1, 4, 64)});
    case timestamp: {
      if (!type.zoned) return flat.table({number(0, 2, microseconds)});
      size_t zone = 0;
      const size_t table = flat.table({number(0, 2, microseconds), pointer(1)}, {&zone});
      flat.point(zone, flat.text("UTC"));
      return table;
    }
    case binary:
    case text:
    case boolean:
      break;
  }
  return flat.table({});
}

size_t field_table(Flat& flat, const ArrowField& field) {
  size_t name = 0, type = 0, children = 0;
  const size_t table = flat.table(
      {pointer(0), number(1, 1, 1), number(2, 1, static_cast<int64_t>(field.type.kind)), pointer(3), pointer(5)},
      {&name, &type, &children});
  flat.point(name, flat.text(field.name));
  flat.point(type, type_table(flat, field.type));
  flat.point(children, flat.pointers(0));
  return table;
}

}  // namespace

std::string arrow_schema(const std::vector<ArrowField>& fields) {
  Flat flat;
  const size_t header = begin_message(flat, schema_header, 0);
  size_t list = 0;
  flat.point(header, flat.table({pointer(1)}, {&list}));
  const size_t vector = flat.pointers(fields.size());
  flat.point(list, vector);
  for (size_t i = 0; i < fields.size(); ++i) flat.point(vector + 4 + 4 * i, field_table(flat, fields[i]));
  return framed(flat, "");
}

std::string arrow_batch(int64_t rows, const std::vector<ArrowColumn>& columns) {
  std::vector<std::pair<int64_t, int64_t>> nodes;
  std::vector<std::pair<int64_t, int64_t>> buffers;
  std::string body;
  for (const ArrowColumn& column : columns) {
    nodes.emplace_back(rows, column.nulls);
    for (const std::string& buffer : column.buffers) {
      buffers.emplace_back(static_cast<int64_t>(body.size()), static_cast<int64_t>(buffer.size()));
      body += buffer;
      pad(body, 64);
    }
  }
  Flat flat;
  const size_t header = begin_message(flat, batch_header, body.size());
  size_t nodes_place = 0, buffers_place = 0;
  flat.point(header, flat.table({number(0, 8, rows), pointer(1), pointer(2)}, {&nodes_place, &buffers_place}));
  flat.point(nodes_place, flat.pairs(nodes));
  flat.point(buffers_place, flat.pairs(buffers));
  return framed(flat, body);
}

std::string arrow_end() {
  std::string end;
  append<uint32_t>(end, 0xFFFFFFFF);
  append<uint32_t>(end, 0);
  return end;
}

}  // namespace rynd::cli
