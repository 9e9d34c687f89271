# rpcscope: `make help` lists the targets, V=1 shows the commands.
VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := gcc
endif
CLANG ?= clang
PKG_CONFIG ?= pkg-config
FUZZ_SECONDS ?= 20
BENCH_LOOPS ?= 1500
.DEFAULT_GOAL := all

# -- what is compiled with ---------------------------------------------------------------

LIBRARIES := libpcap libtirpc zlib liblzma libzstd libxxhash
STANDARD := -std=c11
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla -Wundef -Wwrite-strings $(if $(WERROR),-Werror)
OPTIMIZE ?= -O3 -g
SANITIZE ?=
# The program alone is optimised as a whole (its tests link the same objects faster without), by
# gcc and only where nothing looks on.
LTO ?= $(if $(SANITIZE),,$(if $(findstring gcc,$(notdir $(CC))),-flto=auto -ffat-lto-objects))
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
DEFINES := -Iinclude -D_GNU_SOURCE -DRPCSCOPE_VERSION='"$(VERSION)"'

# pkg-config is asked when the first recipe runs, once: on a bare machine it comes with `deps`.
PC_CFLAGS = $(eval PC_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(LIBRARIES)))$(PC_CFLAGS)
PC_LIBS = $(eval PC_LIBS := $$(shell $(PKG_CONFIG) --libs $(LIBRARIES)))$(PC_LIBS)
BASE_CFLAGS = $(STANDARD) $(WARNINGS) $(DEFINES) $(CPPFLAGS) $(PC_CFLAGS)
ALL_CFLAGS = $(BASE_CFLAGS) $(OPTIMIZE) $(SANITIZE) $(CFLAGS)
ALL_LIBS = $(PC_LIBS) $(LDLIBS)

# -- files -------------------------------------------------------------------------------

SOURCES := $(wildcard src/*.c src/*/*.c)
HEADERS := $(wildcard include/*.h src/*/*.h)
SPECS := $(sort $(wildcard src/spec/*.x))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/src/spec/embedded.o
LIBRARY := $(BUILD)/librpcscope.a
PROGRAM := $(BUILD)/rpcscope

C_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c tests/property/test_*.c \
	tests/oracle/test_*.c))
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_REPLAYS := $(FUZZ_SOURCES:tests/fuzz/fuzz_%.c=$(BUILD)/tests/fuzz/replay_%)
FUZZ_TARGETS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/fuzz/%)
WIRE := $(addprefix $(BUILD)/tests/samples/,wire.o wire_file.o bytes.o)
MAKE_SAMPLES := $(BUILD)/tests/samples/make_samples
MAKE_STORM := $(BUILD)/tests/bench/make_storm
MAKE_BULK := $(BUILD)/tests/bench/make_bulk
PCAP_LOOP := $(BUILD)/tests/bench/pcap_loop
include tests/oracle/rpcgen.mk
ENDS := $(BUILD)/tests/e2e/ends
WORSEN := $(BUILD)/tests/oracle/worsen
TEST_PROGRAMS := $(C_TESTS) $(RPCGEN_TESTS) $(FUZZ_REPLAYS) $(MAKE_SAMPLES) $(MAKE_STORM) $(MAKE_BULK)
TEST_SOURCES := $(wildcard tests/e2e/*.c tests/unit/*.c tests/property/*.c tests/oracle/*.c tests/samples/*.c tests/bench/*.c tests/fuzz/*.c)
TEST_HEADERS := $(wildcard tests/*/*.h)
SCRIPTS := .ci/run tests/run tests/bench/bench.sh tests/golden/update $(wildcard tests/*.sh \
	tests/*/*.test tests/*/*.bash)

BUILD_PACKAGES := gcc libc6-dev pkg-config libpcap-dev libtirpc-dev zlib1g-dev \
	liblzma-dev libzstd-dev libxxhash-dev
DEMO_PACKAGES := $(BUILD_PACKAGES)
TEST_PACKAGES := $(BUILD_PACKAGES) libcmocka-dev rpcsvc-proto jq tshark diffutils gzip xz-utils zstd \
	iproute2 tcpdump rpcbind nfs-ganesha nfs-ganesha-vfs libnfs-utils nfs-common
LINT_PACKAGES := $(TEST_PACKAGES) clang clang-tidy clang-format cppcheck shellcheck
FUZZ_PACKAGES := $(BUILD_PACKAGES) clang libclang-rt-14-dev
BENCH_PACKAGES := $(BUILD_PACKAGES) rpcsvc-proto time
PACKAGES ?= $(TEST_PACKAGES)

Q := $(if $(V),,@)
say = $(if $(V),:,printf '  %-6s%s\n') '$(1)' '$(2)'
# A sub-make of its own reads what `deps` installed; as many jobs as processors unless -j says.
SUBMAKE = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# -- targets for people --------------------------------------------------------------------

.PHONY: all
all: $(PROGRAM) ## build the program: build/rpcscope (needs the packages of `make deps`)

.PHONY: demo
demo: ## install what is missing, build, and show the program at work on the samples
	$(Q)$(MAKE) --no-print-directory deps PACKAGES='$(DEMO_PACKAGES)'
	$(Q)$(SUBMAKE) all
	$(Q)tests/demo.sh $(PROGRAM)

.PHONY: check
check: ## install what is missing, build, run every test; the last line counts them
	$(Q)$(MAKE) --no-print-directory deps PACKAGES='$(TEST_PACKAGES)'
	$(Q)$(SUBMAKE) all tests
	$(Q)BUILD='$(BUILD)' PROGRAM='$(PROGRAM)' tests/run

.PHONY: san
san: ## the same tests under AddressSanitizer and UndefinedBehaviorSanitizer
	$(Q)$(MAKE) --no-print-directory check BUILD=build/san OPTIMIZE='-O1 -g' \
		SANITIZE='$(SANITIZERS)'

.PHONY: fuzz
fuzz: ## run the libFuzzer targets, FUZZ_SECONDS=20 each
	$(Q)$(MAKE) --no-print-directory deps PACKAGES='$(FUZZ_PACKAGES)'
	$(Q)$(SUBMAKE) fuzz-targets CC=$(CLANG) BUILD=build/fuzzing OPTIMIZE='-O1 -g' \
		SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'
	$(Q)tests/fuzz/fuzz.bash build/fuzzing '$(FUZZ_SECONDS)'

.PHONY: bench
bench: ## time the program beside libpcap and others over large captures: docs/performance.md
	$(Q)$(MAKE) --no-print-directory deps PACKAGES='$(BENCH_PACKAGES)'
	$(Q)$(SUBMAKE) all $(MAKE_STORM) $(MAKE_BULK) $(PCAP_LOOP) $(WALK_BENCH)
	$(Q)$(WALK_BENCH)
	$(Q)BUILD='$(BUILD)' PROGRAM='$(PROGRAM)' tests/bench/bench.sh '$(BENCH_LOOPS)' >$(BUILD)/performance.md
	$(Q)cp $(BUILD)/performance.md docs/performance.md && cat docs/performance.md

.PHONY: install
install: all ## install under $(DESTDIR)$(PREFIX)
	$(Q)install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/doc/rpcscope'
	$(Q)install -m 755 $(PROGRAM) '$(DESTDIR)$(PREFIX)/bin/rpcscope'
	$(Q)install -m 644 README.md '$(DESTDIR)$(PREFIX)/share/doc/rpcscope'
	$(Q)install -d '$(DESTDIR)$(PREFIX)/share/doc/rpcscope/docs'
	$(Q)install -m 644 $(wildcard docs/*.md) '$(DESTDIR)$(PREFIX)/share/doc/rpcscope/docs'

.PHONY: deps
deps: ## install the Debian packages that are missing
	$(Q)PACKAGES='$(PACKAGES)' tests/deps.sh

.PHONY: clean
clean: ## remove the build directory
	$(Q)rm -rf $(BUILD)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

# -- style ---------------------------------------------------------------------------------

C_FILES = $(SOURCES) $(HEADERS) $(TEST_SOURCES) $(TEST_HEADERS)
LINT_STAMPS = $(addprefix $(BUILD)/lint/,$(addsuffix .ok,$(SOURCES) $(TEST_SOURCES)))

.PHONY: format
format: ## let clang-format rewrite every C file
	$(Q)clang-format -i $(C_FILES)

.PHONY: lint
lint: ## clang-format, clang warnings, clang-tidy, cppcheck, shellcheck: nothing may be left
	$(Q)$(MAKE) --no-print-directory deps PACKAGES='$(LINT_PACKAGES)'
	$(Q)$(SUBMAKE) lint-format lint-cppcheck lint-shell $(LINT_STAMPS)

.PHONY: lint-format lint-cppcheck lint-shell
lint-format:
	@$(call say,FORMAT,$(words $(C_FILES)) files)
	$(Q)clang-format --dry-run -Werror $(C_FILES)

lint-cppcheck:
	@$(call say,CPPCHK,src)
	$(Q)cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability \
		--inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
		-Iinclude -Itests/samples -D_GNU_SOURCE '-DRPCSCOPE_VERSION="x"' \
		src tests/samples tests/bench tests/fuzz

lint-shell:
	@$(call say,SHCHK,$(words $(SCRIPTS)) scripts)
	$(Q)shellcheck -x $(SCRIPTS)

$(BUILD)/lint/%.c.ok: %.c $(HEADERS) .clang-tidy tests/.clang-tidy
	@$(call say,TIDY,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BASE_CFLAGS) -Itests/samples -Werror -fsyntax-only $<
	$(Q)clang-tidy --quiet --header-filter='^$(CURDIR)/' $< -- $(BASE_CFLAGS) -Itests/samples 2>$@.log || { cat $@.log; exit 1; }
	$(Q)touch $@

# -- the program -----------------------------------------------------------------------------

$(PROGRAM): $(BUILD)/src/main.o $(LIBRARY)
	@$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(LIBRARY): $(filter-out $(BUILD)/src/main.o,$(OBJECTS))
	@$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	@$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(if $(filter src/%,$<),$(LTO)) -Itests/samples -MMD -MP -c -o $@ $<

# The specifications are embedded as text: a table {name, text, end} for every .x in src/spec.
$(BUILD)/src/spec/embedded.S: $(SPECS) Makefile
	@$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q){ echo '.section .rodata'; \
	  for x in $(SPECS); do n=$$(basename $$x .x); \
	    printf 'name_%s: .asciz "%s.x"\ntext_%s: .incbin "%s"\nend_%s: .byte 0\n' $$n $$n $$n $$x $$n; done; \
	  echo '.section .data.rel.ro,"aw"'; echo '.balign 8'; echo '.globl spec_embedded'; echo 'spec_embedded:'; \
	  for x in $(SPECS); do n=$$(basename $$x .x); printf '.quad name_%s, text_%s, end_%s\n' $$n $$n $$n; done; \
	  echo '.quad 0, 0, 0'; echo '.section .note.GNU-stack,"",%progbits'; } > $@

$(BUILD)/src/spec/embedded.o: $(BUILD)/src/spec/embedded.S
	$(Q)$(CC) -c -o $@ $<

# -- test programs ---------------------------------------------------------------------------

.PHONY: tests
tests: $(TEST_PROGRAMS) $(ENDS) $(WORSEN)

# Without -fno-lto gcc's linker would take what objects of LTO have for it, unasked.
link = $(call say,LD,$@); mkdir -p $(@D); \
	$(CC) $(ALL_CFLAGS) $(if $(LTO),-fno-lto) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)

# Both ends of the connections of life.test.
$(ENDS): $(BUILD)/tests/e2e/ends.o
	$(Q)$(link)

# Makes worse captures for variants.test.
$(WORSEN): $(BUILD)/tests/oracle/worsen.o $(BUILD)/tests/oracle/worsen_packets.o \
		$(BUILD)/tests/oracle/worsen_overlap.o
	$(Q)$(link) $(ALL_LIBS)

$(C_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIBRARY)
	$(Q)$(link) -lcmocka $(ALL_LIBS)

$(FUZZ_REPLAYS): $(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o \
		$(BUILD)/tests/fuzz/replay.o $(LIBRARY)
	$(Q)$(link) $(ALL_LIBS)

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_TARGETS)

$(FUZZ_TARGETS): $(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIBRARY)
	$(Q)$(link) -fsanitize=fuzzer $(ALL_LIBS)

$(MAKE_SAMPLES): $(WIRE) $(addprefix $(BUILD)/tests/samples/,make_samples.o samples_portmap.o \
		samples_transport.o samples_lighthouse.o)
	$(Q)$(link)

$(MAKE_STORM): $(BUILD)/tests/bench/make_storm.o $(WIRE)
	$(Q)$(link)

$(MAKE_BULK): $(BUILD)/tests/bench/make_bulk.o $(WIRE)
	$(Q)$(link)

$(PCAP_LOOP): $(BUILD)/tests/bench/pcap_loop.o
	$(Q)$(link) $(ALL_LIBS)

-include $(SOURCES:%.c=$(BUILD)/%.d) $(TEST_SOURCES:%.c=$(BUILD)/%.d)
