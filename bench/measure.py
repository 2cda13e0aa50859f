"""measure: what the benchmarks share: running a command, the middle of several times and their spread, what the machine is."""
import os
import statistics
import subprocess
import sys
import time


def timed(command, cwd=None, env=None):
    """Seconds of one run; a run that fails ends the benchmark."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seconds = time.perf_counter() - began
    if done.returncode not in (0, 1) or (done.returncode == 1 and "build" not in command):
        sys.exit("%s ended with %d\n%s" % (" ".join(command), done.returncode, done.stdout))
    return seconds


def peak_of(command, cwd):
    """The most memory, in MB, that one run of a command had resident."""
    code = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); " \
           "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    return float(subprocess.run([sys.executable, "-c", code, *command], cwd=cwd, capture_output=True, text=True, check=True).stdout)


class Times:
    """Repeated times of one thing."""

    def __init__(self, seconds):
        self.seconds = sorted(seconds)
        self.median = statistics.median(self.seconds)

    def __str__(self):
        return "%s (%s to %s, %d runs)" % (shown(self.median), shown(self.seconds[0]), shown(self.seconds[-1]), len(self.seconds))


def shown(seconds):
    return "%.1f ms" % (seconds * 1e3) if seconds < 1 else "%.2f s" % seconds


def repeat(runs, action):
    """Times of `runs` calls of `action`, which answers seconds; one call before them warms the caches."""
    action()
    return Times([action() for _ in range(runs)])


def machine():
    """One line: processor, cores, load, kernel."""
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown processor")
    return "%s, %d cores, load %.2f, Linux %s" % (model, os.cpu_count(), os.getloadavg()[0], os.uname().release)


def verdict(name, value, limit, unit):
    """Prints one figure beside its target; whether it was reached."""
    reached = value <= limit
    print("%-46s %10.2f %-3s  target %g %s  %s" % (name, value, unit, limit, unit, "reached" if reached else "MISSED"))
    return reached
