// Unpack: members of zip files onto the disk, and the bytes of compressed files.
#include "unpack.h"

#include <archive.h>
#include <archive_entry.h>

#include <fstream>
#include <memory>

namespace rynd::ingest {
namespace {

constexpr size_t block_size = 256 * 1024;

using Handle = std::unique_ptr<::archive, decltype([](::archive* handle) { archive_read_free(handle); })>;

std::unexpected<Diagnostic> failure(const std::filesystem::path& file, const Handle& handle, const char* what) {
  const char* why = archive_error_string(handle.get());
  return fail({.code = Code::ingest_format,
               .message = "'" + file.filename().string() + "' cannot be read as " + what +
                          (why ? std::string(": ") + why : "")});
}

Result<void> write_member(const Handle& handle, const std::filesystem::path& path, const std::filesystem::path& file) {
  std::ofstream out(path, std::ios::binary);
  const void* block = nullptr;
  size_t size = 0;
  la_int64_t offset = 0;
  int status = ARCHIVE_OK;
  while ((status = archive_read_data_block(handle.get(), &block, &size, &offset)) == ARCHIVE_OK) {
    out.write(static_cast<const char*>(block), static_cast<std::streamsize>(size));
  }
  if (status != ARCHIVE_EOF) return failure(file, handle, "an archive");
  out.close();
  if (!out) return fail({.code = Code::file_unwritable, .message = "cannot write '" + path.string() + "'"});
  return {};
}

}  // namespace

Result<std::vector<Member>> extract_members(const std::filesystem::path& archive, const std::filesystem::path& folder,
                                            const std::function<bool(std::string_view name)>& wanted) {
  Handle handle(archive_read_new());
  archive_read_support_format_all(handle.get());
  archive_read_support_filter_all(handle.get());
  if (archive_read_open_filename(handle.get(), archive.c_str(), block_size) != ARCHIVE_OK) {
    return failure(archive, handle, "an archive");
  }
  std::vector<Member> members;
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(handle.get(), &entry)) == ARCHIVE_OK) {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG || !wanted(name)) continue;
    // Never where the member's own name says: it may climb out of the folder.
    std::filesystem::path path =
        folder / (std::to_string(members.size()) + "-" + std::filesystem::path(name).filename().string());
    if (auto written = write_member(handle, path, archive); !written) return fail(written.error());
    members.push_back({name, path});
  }
  if (status != ARCHIVE_EOF) return failure(archive, handle, "an archive");
  return members;
}

Result<void> read_compressed(const std::filesystem::path& file, const std::function<bool(std::string_view)>& take) {
  Handle handle(archive_read_new());
  archive_read_support_format_raw(handle.get());
  archive_read_support_format_empty(handle.get());
  archive_read_support_filter_all(handle.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(handle.get(), file.c_str(), block_size) != ARCHIVE_OK)
    return failure(file, handle, "a file");
  int status = archive_read_next_header(handle.get(), &entry);
  if (status == ARCHIVE_EOF) return {};
  if (status != ARCHIVE_OK) return failure(file, handle, "a file");
  const void* block = nullptr;
  size_t size = 0;
  la_int64_t offset = 0;
  while ((status = archive_read_data_block(handle.get(), &block, &size, &offset)) == ARCHIVE_OK) {
    if (!take({static_cast<const char*>(block), size})) return {};
  }
  if (status != ARCHIVE_EOF) return failure(file, handle, "a compressed file");
  return {};
}

}  // namespace rynd::ingest
