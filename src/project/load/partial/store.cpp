// Store: the file. Texts and payloads stand one after the other; an index at the end says whose they are; the last
// bytes say where the index begins, and the hash that it and every part must have.
#include "load/partial/store.h"

#include "base/hash.h"
#include "load/partial/binary.h"

namespace rynd::project {

namespace {

constexpr std::string_view magic = "RYNDPART";
constexpr size_t tail_size = 8 + 8 + magic.size();
// The clock of a file system may stand still for some milliseconds, of some for two seconds: a file that was changed so
// shortly before it was read may have been changed again since without looking different.
constexpr int64_t uncertain_us = 2'000'000;

void write_numbers(BinaryWriter& writer, const std::vector<QuestionId>& ids) {
  writer.number(ids.size());
  for (QuestionId id : ids) writer.number(id);
}

std::vector<QuestionId> read_numbers(BinaryReader& reader, size_t limit) {
  std::vector<QuestionId> ids(reader.count());
  for (auto& id : ids) {
    id = static_cast<QuestionId>(reader.number());
    if (id >= limit) return {};
  }
  return ids;
}

}  // namespace

Store Store::open(Files& files, const std::filesystem::path& path, uint64_t key) {
  Store store;
  if (!files.info(path)) return store;
  auto bytes = files.read(path);
  if (!bytes) return store;
  store.bytes_ = std::make_shared<const std::string>(std::move(*bytes));
  if (!store.read(*store.bytes_, key)) return {};
  return store;
}

bool Store::read(std::string_view bytes, uint64_t key) {
  if (bytes.size() < magic.size() + tail_size || !bytes.starts_with(magic) || !bytes.ends_with(magic)) return false;
  BinaryReader tail(bytes.substr(bytes.size() - tail_size));
  const uint64_t begin = tail.fixed();
  const uint64_t hash = tail.fixed();
  if (begin < magic.size() || begin > bytes.size() - tail_size) return false;
  std::string_view index = bytes.substr(begin, bytes.size() - tail_size - begin);
  if (fast_hash(index) != hash) return false;
  BinaryReader reader(index);
  if (reader.fixed() != key) return false;
  began_us_ = reader.integer();
  questions_.resize(reader.count());
  for (auto& question : questions_) {
    question.kind = static_cast<Question>(std::min<int>(reader.byte(), question_count - 1));
    question.name = reader.text();
    question.answer = reader.fixed();
  }
  size_t at = magic.size();
  auto part = [&](uint64_t size) {
    if (size > begin - at) return std::string_view();
    at += size;
    return bytes.substr(at - size, size);
  };
  files_.resize(reader.count());
  for (auto& file : files_) {
    file.kind = static_cast<FileKind>(std::min<int>(reader.byte(), static_cast<int>(FileKind::properties)));
    file.name = reader.text();
    file.stamp = {reader.number(), reader.integer(), reader.integer()};
    file.hash = reader.fixed();
    file.reading = read_numbers(reader, questions_.size());
    file.asked = read_numbers(reader, questions_.size());
    file.names.resize(reader.count());
    for (auto& entry : file.names) {
      entry.resize(reader.count());
      for (auto& name : entry) name = reader.text();
    }
    file.text = part(reader.number());
    file.payload = part(reader.number());
    const uint64_t text_hash = reader.fixed();
    file.payload_hash = reader.fixed();
    if (!reader.ok() || text_hash != fast_hash(file.text) || file.payload_hash != fast_hash(file.payload)) return false;
    places_[static_cast<size_t>(file.kind)].emplace(file.name, &file - files_.data());
  }
  return reader.ok() && reader.at_end();
}

const StoredFile* Store::find(FileKind kind, std::string_view name) const {
  const auto& places = places_[static_cast<size_t>(kind)];
  auto found = places.find(name);
  return found == places.end() ? nullptr : &files_[found->second];
}

bool Store::is_certain(const FileStamp& stamp) const {
  return stamp.changed_us != 0 && stamp.changed_us < began_us_ - uncertain_us;
}

void write_store(Files& files, const std::filesystem::path& path, uint64_t key, int64_t began_us,
                 const std::vector<StoredQuestion>& questions, std::vector<FileToStore>& contents) {
  BinaryWriter index;
  index.fixed(key);
  index.integer(began_us);
  index.number(questions.size());
  for (const auto& question : questions) {
    index.byte(static_cast<uint8_t>(question.kind));
    index.text(question.name);
    index.fixed(question.answer);
  }
  index.number(contents.size());
  auto describe = [&](const StoredFile& file, std::string_view payload) {
    index.byte(static_cast<uint8_t>(file.kind));
    index.text(file.name);
    index.number(file.stamp.size);
    index.integer(file.stamp.modified_us);
    index.integer(file.stamp.changed_us);
    index.fixed(file.hash);
    write_numbers(index, file.reading);
    write_numbers(index, file.asked);
    index.number(file.names.size());
    for (const auto& entry : file.names) {
      index.number(entry.size());
      for (std::string_view name : entry) index.text(name);
    }
    index.number(file.text.size());
    index.number(payload.size());
    index.fixed(fast_hash(file.text));
    index.fixed(file.payload_hash);
  };
  (void)files.write_pieces(path, [&](const TextSink& out) {
    size_t size = magic.size();
    out(magic);
    for (auto& one : contents) {
      std::string made = one.about.payload.empty() ? one.payload() : std::string();
      std::string_view payload = made.empty() ? one.about.payload : std::string_view(made);
      one.about.payload_hash = fast_hash(payload);
      out(one.about.text);
      out(payload);
      size += one.about.text.size() + payload.size();
      describe(one.about, payload);
    }
    BinaryWriter tail;
    tail.fixed(size);
    tail.fixed(fast_hash(index.bytes()));
    out(index.bytes());
    out(tail.bytes());
    out(magic);
  });
}

}  // namespace rynd::project
