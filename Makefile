# The targets a user or a developer types. Each does what the machine still lacks first, and nothing twice.
.PHONY: all dev asan demo test unit cases browser crash bench compat fuzz fmt check clean
.DEFAULT_GOAL := all
SHELL := bash
RYND := build/release/rynd

all:
	@./bootstrap.sh build
	@scripts/configure.sh release
	@ninja -C build/release rynd

dev:
	@./bootstrap.sh test
	@scripts/configure.sh dev
	@ninja -C build/dev

asan:
	@./bootstrap.sh test
	@scripts/configure.sh asan
	@ninja -C build/asan
	@cd build/asan && ctest --output-on-failure -j2

demo: all
	@scripts/demo.sh $(if $(FULL),--full)

test:
	@./bootstrap.sh test
	@scripts/test.sh

bench: all
	@bench/run.sh

compat: all
	@bench/compat.sh

fuzz:
	@./bootstrap.sh fuzz
	@scripts/fuzz.sh $(SECONDS_EACH)

fmt:
	@./bootstrap.sh check
	@git ls-files 'src/*.h' 'src/*.cpp' 'tests/*.h' 'tests/*.cpp' 'bench/*.cpp' | xargs clang-format -i

check:
	@./bootstrap.sh check
	@scripts/check.sh

clean:
	@rm -rf build
