// Process: other programs, started without a shell in a process group of their own, so that all of it can be ended.
#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

extern char** environ;

namespace rynd {
namespace {

struct Pipe {
  int read = -1;
  int write = -1;

  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) {
      read = ends[0];
      write = ends[1];
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_read();
    close_write();
  }
  void close_read() { close(read); }
  void close_write() { close(write); }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view text(*entry);
    if (!added.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// One program from start to end.
class Run {
 public:
  Run(const Command& command, std::stop_token stop)
      : command_(command), stop_(std::move(stop)), pending_(command.input) {}

  Result<Finished> operator()() {
    if (int error = start()) return failure(std::string("cannot be started: ") + std::strerror(error));
    if (auto trouble = talk(); !trouble.empty()) {
      ::kill(-child_, SIGKILL);
      wait();
      return failure(trouble);
    }
    if (talked_out_) {
      ::kill(-child_, SIGKILL);
      wait();
    } else {
      finished_.exit_code = wait();
    }
    return std::move(finished_);
  }

 private:
  std::unexpected<Diagnostic> failure(const std::string& what) const {
    std::string name = command_.arguments.empty() ? "" : command_.arguments[0];
    return fail({.code = Code::process_failed, .message = "the program '" + name + "' " + what});
  }

  int start() {
    if (command_.arguments.empty()) return EINVAL;
    if (input_.read < 0 || output_.read < 0 || errors_.read < 0) return EMFILE;
    auto arguments = command_.arguments;
    auto environment = merged_environment(command_.environment);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input_.read, 0);
    posix_spawn_file_actions_adddup2(&actions, output_.write, 1);
    posix_spawn_file_actions_adddup2(&actions, errors_.write, 2);
    if (!command_.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, command_.folder.c_str());
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawnp(&child_, arguments[0].c_str(), &actions, &attributes, pointers(arguments).data(),
                             pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    input_.close_read();
    output_.close_write();
    errors_.close_write();
    return error;
  }

  // Feeds and drains the program until it closes its ends; what went wrong, or "".
  std::string talk() {
    ::fcntl(input_.write, F_SETFL, O_NONBLOCK);
    // Writing to a program that has stopped reading must not end us.
    sigset_t pipe_signal, before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    std::string trouble;
    auto deadline = std::chrono::steady_clock::now() + command_.timeout;
    while (trouble.empty() && !talked_out_ && (output_.read >= 0 || errors_.read >= 0)) {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      if (stop_.stop_requested())
        trouble = "was stopped";
      else if (left.count() <= 0)
        trouble = "did not end in " + std::to_string(command_.timeout.count()) + " ms";
      else
        step(static_cast<int>(std::min<int64_t>(left.count(), 50)));
    }
    // What it said last is in the pipe already.
    for (pollfd end{errors_.read, POLLIN, 0}; talked_out_ && errors_.read >= 0 && ::poll(&end, 1, 0) > 0;) {
      if (!drain(errors_.read, finished_.errors)) errors_.close_read();
      tell_errors(false);
    }
    tell_errors(true);
    timespec now{};
    while (sigtimedwait(&pipe_signal, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return trouble;
  }

  void step(int wait_ms) {
    if (written_ == pending_.size() && !command_.on_output) input_.close_write();
    const int input = written_ == pending_.size() ? -1 : input_.write;
    std::array<pollfd, 3> ends{{{input, POLLOUT, 0}, {output_.read, POLLIN, 0}, {errors_.read, POLLIN, 0}}};
    if (::poll(ends.data(), ends.size(), wait_ms) <= 0) return;
    if (ends[0].revents != 0) {
      ssize_t sent = ::write(input_.write, pending_.data() + written_, pending_.size() - written_);
      if (sent > 0) {
        written_ += static_cast<size_t>(sent);
      } else if (errno != EAGAIN && errno != EINTR) {
        input_.close_write();
        written_ = pending_.size();
      }
    }
    if (ends[2].revents != 0) {
      if (!drain(errors_.read, finished_.errors)) errors_.close_read();
      tell_errors(false);
    }
    if (ends[1].revents != 0) {
      if (!drain(output_.read, finished_.output)) output_.close_read();
      answer();
    }
  }

  // Takes the whole lines off `text`, and with `rest` what stands after them, as long as `take` wants them.
  template <class Take>
  static void take_lines(std::string& text, bool rest, Take take) {
    size_t begin = 0;
    for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
      const std::string_view line = std::string_view(text).substr(begin, end - begin);
      begin = end + 1;
      if (!take(line)) break;
    }
    text.erase(0, begin);
    if (rest && !text.empty()) {
      take(text);
      text.clear();
    }
  }

  void answer() {
    if (!command_.on_output) return;
    take_lines(finished_.output, false, [&](std::string_view line) {
      auto said = command_.on_output(line);
      if (said) {
        pending_.erase(0, written_);
        written_ = 0;
        pending_ += *said;
      }
      talked_out_ = !said;
      return !talked_out_;
    });
  }

  void tell_errors(bool rest) {
    if (!command_.on_errors) return;
    take_lines(finished_.errors, rest, [&](std::string_view line) {
      command_.on_errors(line);
      return true;
    });
  }

  static bool drain(int end, std::string& into) {
    std::array<char, 65536> buffer;
    ssize_t got = ::read(end, buffer.data(), buffer.size());
    if (got > 0) into.append(buffer.data(), static_cast<size_t>(got));
    return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
  }

  int wait() {
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  const Command& command_;
  std::stop_token stop_;
  Pipe input_, output_, errors_;
  pid_t child_ = -1;
  std::string pending_;  // for the program's input
  size_t written_ = 0;   // of it
  bool talked_out_ = false;
  Finished finished_;
};

}  // namespace

Result<Finished> RealProcess::run(const Command& command, std::stop_token stop) {
  return Run(command, std::move(stop))();
}

std::optional<std::string> RealProcess::environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::map<std::string, std::string> RealProcess::environment_of(const std::string& prefix) {
  std::map<std::string, std::string> found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (text.starts_with(prefix) && equals != std::string_view::npos)
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

Result<Finished> SimProcess::run(const Command& command, std::stop_token) {
  if (program_) return program_(command);
  std::string name = command.arguments.empty() ? "" : command.arguments[0];
  return fail({.code = Code::process_failed,
               .message = "the program '" + name + "' cannot be started: No such file or directory"});
}

std::optional<std::string> SimProcess::environment(const std::string& name) {
  auto found = environment_.find(name);
  return found == environment_.end() ? std::nullopt : std::optional<std::string>(found->second);
}

std::map<std::string, std::string> SimProcess::environment_of(const std::string& prefix) {
  std::map<std::string, std::string> found;
  for (auto entry = environment_.lower_bound(prefix); entry != environment_.end() && entry->first.starts_with(prefix);
       ++entry)
    found.insert(*entry);
  return found;
}

}  // namespace rynd
