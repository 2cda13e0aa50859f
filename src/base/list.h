// List: a vector in one pointer, for members that are mostly empty; what a std::vector keeps beside its elements stands
// before them on the heap. T may be incomplete where the member is declared.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace rynd {

template <class T>
class List {
 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;
  using reference = T&;
  using const_reference = const T&;
  using size_type = size_t;
  using difference_type = std::ptrdiff_t;

  List() = default;
  List(std::initializer_list<T> values) { append(values.begin(), values.end()); }
  List(const List& other) { append(other.begin(), other.end()); }
  List(List&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  List& operator=(const List& other) {
    if (this != &other) List(other).swap(*this);
    return *this;
  }
  List& operator=(List&& other) noexcept {
    List(std::move(other)).swap(*this);
    return *this;
  }
  ~List() {
    clear();
    free(block_);
  }
  void swap(List& other) noexcept { std::swap(block_, other.block_); }

  size_t size() const { return block_ ? block_->size : 0; }
  bool empty() const { return size() == 0; }
  T* begin() { return elements(block_); }
  T* end() { return begin() + size(); }
  const T* begin() const { return elements(block_); }
  const T* end() const { return begin() + size(); }
  auto rbegin() { return std::reverse_iterator(end()); }
  auto rend() { return std::reverse_iterator(begin()); }
  auto rbegin() const { return std::reverse_iterator(end()); }
  auto rend() const { return std::reverse_iterator(begin()); }
  T* data() { return begin(); }
  const T* data() const { return begin(); }
  T& operator[](size_t at) { return begin()[at]; }
  const T& operator[](size_t at) const { return begin()[at]; }
  // With a check, in tests and where a mistake would be ours.
  T& at(size_t place) { return begin()[checked(place)]; }
  const T& at(size_t place) const { return begin()[checked(place)]; }
  T& front() { return *begin(); }
  const T& front() const { return *begin(); }
  T& back() { return end()[-1]; }
  const T& back() const { return end()[-1]; }

  void reserve(size_t capacity) {
    if (capacity > room()) grow(capacity);
  }
  template <class... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    // The new element may be made of an old one: it is there before those move.
    if (size() == room()) return push_grown(T{std::forward<Arguments>(arguments)...});
    T* place = std::construct_at(end(), T{std::forward<Arguments>(arguments)...});
    ++block_->size;
    return *place;
  }
  void push_back(const T& value) { emplace_back(value); }
  void push_back(T&& value) { emplace_back(std::move(value)); }
  void pop_back() {
    std::destroy_at(end() - 1);
    --block_->size;
  }
  void clear() {
    if (!block_) return;
    std::destroy(begin(), end());
    block_->size = 0;
  }
  T* erase(T* first, T* last) {
    if (first == last) return first;
    T* tail = std::move(last, end(), first);
    std::destroy(tail, end());
    block_->size = static_cast<uint32_t>(tail - begin());
    return first;
  }
  T* erase(T* at) { return erase(at, at + 1); }
  T* insert(T* at, T value) {
    const size_t place = at - begin();
    push_back(std::move(value));
    std::rotate(begin() + place, end() - 1, end());
    return begin() + place;
  }
  template <class Iterator>
  void append(Iterator first, Iterator last) {
    reserve(size() + std::distance(first, last));
    for (; first != last; ++first) emplace_back(*first);
  }

 private:
  struct Block {
    uint32_t size;
    uint32_t room;
  };
  static constexpr size_t offset() { return std::max(sizeof(Block), alignof(T)); }
  static T* elements(Block* block) {
    return block ? reinterpret_cast<T*>(reinterpret_cast<std::byte*>(block) + offset()) : nullptr;
  }
  size_t checked(size_t place) const {
    if (place >= size()) throw std::out_of_range("List::at");
    return place;
  }
  size_t room() const { return block_ ? block_->room : 0; }
  static void free(Block* block) {
    if (block) ::operator delete(block);
  }

  void grow(size_t capacity) {
    auto* bigger = static_cast<Block*>(::operator new(offset() + capacity * sizeof(T)));
    bigger->size = static_cast<uint32_t>(size());
    bigger->room = static_cast<uint32_t>(capacity);
    std::uninitialized_move(begin(), end(), elements(bigger));
    if (block_) std::destroy(begin(), end());
    free(std::exchange(block_, bigger));
  }
  T& push_grown(T value) {
    grow(std::max<size_t>(2, size() + size() / 2 + 1));
    T* place = std::construct_at(end(), std::move(value));
    ++block_->size;
    return *place;
  }

  Block* block_ = nullptr;
};

template <class T, class Predicate>
size_t erase_if(List<T>& list, Predicate predicate) {
  auto* kept = std::remove_if(list.begin(), list.end(), predicate);
  const size_t count = list.end() - kept;
  list.erase(kept, list.end());
  return count;
}

}  // namespace rynd
