// Build id: read from the notes of the running program, which are mapped with it.
#include "build_id.h"

#include <fmt/format.h>
#include <link.h>

#include <string_view>

namespace rynd::cli {
namespace {

std::string in_notes(std::string_view notes) {
  auto padded = [](size_t size) { return (size + 3) & ~size_t{3}; };
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    const auto* note = reinterpret_cast<const ElfW(Nhdr)*>(notes.data());
    const size_t begin = sizeof *note + padded(note->n_namesz);
    const size_t end = begin + padded(note->n_descsz);
    if (end > notes.size()) break;
    const std::string_view name = notes.substr(sizeof *note, note->n_namesz);
    if (note->n_type == NT_GNU_BUILD_ID && name == std::string_view("GNU\0", 4)) {
      std::string id;
      for (const char byte : notes.substr(begin, note->n_descsz))
        id += fmt::format("{:02x}", static_cast<unsigned char>(byte));
      return id;
    }
    notes.remove_prefix(end);
  }
  return {};
}

// Called for the program first, which ends the visit.
int visit(dl_phdr_info* object, size_t, void* result) {
  auto& id = *static_cast<std::string*>(result);
  for (int i = 0; id.empty() && i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    if (part.p_type == PT_NOTE)
      id = in_notes({reinterpret_cast<const char*>(object->dlpi_addr + part.p_vaddr), part.p_memsz});
  }
  return 1;
}

}  // namespace

std::string build_id() {
  std::string id;
  dl_iterate_phdr(visit, &id);
  return id;
}

}  // namespace rynd::cli
