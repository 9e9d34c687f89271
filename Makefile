# rpcscope: `make help` lists the targets. V=1 shows the commands.
VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= gcc
PKG_CONFIG ?= pkg-config

LIBRARIES := libpcap libtirpc libarchive libxxhash
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla -Wundef -Wwrite-strings
OPTIMIZE ?= -O2 -g
SANITIZE ?=
CPPFLAGS += -Iinclude -D_GNU_SOURCE -DRPCSCOPE_VERSION='"$(VERSION)"' -MMD -MP
ALL_CFLAGS = -std=c11 $(WARNINGS) $(OPTIMIZE) $(SANITIZE) $(shell $(PKG_CONFIG) --cflags $(LIBRARIES)) $(CFLAGS)
ALL_LDLIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARIES)) $(LDLIBS)

SOURCES := $(wildcard src/*.c src/*/*.c)
SPECS := $(sort $(wildcard src/spec/*.x))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/src/spec/embedded.o
LIBRARY := $(BUILD)/librpcscope.a
PROGRAM := $(BUILD)/rpcscope

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')

.PHONY: all
all: $(PROGRAM)

$(PROGRAM): $(BUILD)/src/main.o $(LIBRARY)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

$(LIBRARY): $(filter-out $(BUILD)/src/main.o,$(OBJECTS))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# The specifications are embedded as text: a table {name, text, end} for every .x in src/spec.
$(BUILD)/src/spec/embedded.S: $(SPECS) Makefile
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q){ echo '.section .rodata'; \
	  for x in $(SPECS); do n=$$(basename $$x .x); \
	    printf 'name_%s: .asciz "%s.x"\ntext_%s: .incbin "%s"\nend_%s: .byte 0\n' $$n $$n $$n $$x $$n; done; \
	  echo '.section .data.rel.ro,"aw"'; echo '.balign 8'; echo '.globl spec_embedded'; echo 'spec_embedded:'; \
	  for x in $(SPECS); do n=$$(basename $$x .x); printf '.quad name_%s, text_%s, end_%s\n' $$n $$n $$n; done; \
	  echo '.quad 0, 0, 0'; echo '.section .note.GNU-stack,"",%progbits'; } > $@

$(BUILD)/src/spec/embedded.o: $(BUILD)/src/spec/embedded.S
	$(Q)$(CC) -c -o $@ $<

-include $(SOURCES:%.c=$(BUILD)/%.d)

.PHONY: clean
clean:
	$(Q)rm -rf $(BUILD)
