# SPDX-License-Identifier: GPL-2.0-or-later
# Morgue. `make help` lists the targets; V=1 shows the commands. Output goes below $(BUILD) only.

BUILD   ?= build
PREFIX  ?= /usr/local
LIBDIR  ?= $(PREFIX)/lib
DESTDIR ?=
CC      ?= gcc
CXX     ?= g++
ifeq ($(origin CC),default)
CC := gcc
endif
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

# What a Debian machine needs: to build, and to test.
BUILD_PACKAGES := gcc g++ make pkg-config libxapian-dev zlib1g-dev libxml2-dev libutf8proc-dev libcjson-dev libdeflate-dev libzstd-dev libarchive-dev libuchardet-dev libgmime-3.0-dev libbrotli-dev libedit-dev
TEST_PACKAGES  := check xapian-tools mandoc
PKGS := xapian-core zlib libxml-2.0 libutf8proc libcjson libdeflate libzstd libarchive uchardet gmime-3.0 libbrotlidec
# Of morgue-search alone.
EDIT_PKGS := libedit

# Evaluated late, after `make deps` has installed what they ask for.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) $(EDIT_PKGS))
PKG_LIBS   = $(shell pkg-config --libs $(PKGS))
EDIT_LIBS  = $(shell pkg-config --libs $(EDIT_PKGS))

OPT      ?= -O2
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow
WERROR   := $(if $(CI),-Werror)
SANITIZE ?=
COVERAGE ?=
SAN      := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
COMMON   := $(OPT) -g -fPIC -fvisibility=hidden $(WARNINGS) $(WERROR) $(SAN) $(if $(COVERAGE),--coverage) -MMD -MP
CPPFLAGS += -D_GNU_SOURCE -Iinclude -Iindexer -Isearcher
CFLAGS   := -std=c11 $(COMMON) -Wconversion -Wvla -Wstrict-prototypes $(CFLAGS)
CXXFLAGS := -std=c++17 $(COMMON) $(CXXFLAGS)
LDFLAGS  += $(SAN) $(if $(COVERAGE),--coverage) -pthread

MAINS    := indexer/main.c searcher/main.c
INDEX_CLI := %/index_options.c %/report.c %/watch.c indexer/cli/extract.c
CLI_SRCS := $(wildcard indexer/cli/*.c searcher/options*.c searcher/output*.c searcher/interactive*.c searcher/saved*.c)
TRAIN_SRCS := $(wildcard indexer/train/*.c)
LIB_SRCS := $(filter-out $(MAINS) $(CLI_SRCS) $(TRAIN_SRCS),$(wildcard indexer/*.c indexer/*/*.c searcher/*.c))
LIB_OBJS := $(LIB_SRCS:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/indexer/xapian-c/xapian_c.o
INDEX_OBJS  := $(patsubst %.c,$(BUILD)/obj/%.o,indexer/main.c $(filter indexer/%,$(CLI_SRCS)))
SEARCH_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,searcher/main.c $(filter-out $(INDEX_CLI),$(CLI_SRCS)))

TEST_SRCS  := $(wildcard tests/unit/check_*.c tests/property/check_*.c tests/corrupt/check_*.c tests/fault/check_*.c tests/api/check_*.c)
TESTS      := $(patsubst %.c,$(BUILD)/tests/%,$(notdir $(TEST_SRCS)))
FUZZ_SRCS  := $(wildcard tests/fuzz/fuzz_*.c)
FUZZERS    := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/%,$(FUZZ_SRCS))
TOOLS      := $(BUILD)/rank-eval $(BUILD)/entity-eval $(BUILD)/names-eval $(BUILD)/resolve-eval
BENCHES    := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))
DESKTOP    := samples/desktop
DESKTOP_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(DESKTOP)/*.c)) $(BUILD)/obj/$(DESKTOP)/resources.o
SAMPLES    := $(patsubst samples/%,$(BUILD)/samples/%,$(basename $(wildcard samples/*.c samples/*.cc)))

.PHONY: all programs check check-fast check-asan check-ubsan check-tsan fuzz bench quality train golden abi coverage format deps \
        test-deps demo install uninstall clean help
.DELETE_ON_ERROR:
.SECONDARY:

all: programs libraries
programs: $(BUILD)/morgue-index $(BUILD)/morgue-search

help:
	@echo 'make              the programs and the library, in $(BUILD)/'
	@echo 'make demo         install what is missing, build, index samples/ and show answers'
	@echo 'make check        install what is missing, build and run every test'
	@echo 'make desktop      the GTK 4 sample, $(BUILD)/morgue-desktop; check-desktop presses its keys'
	@echo 'make check-asan   the tests under AddressSanitizer and UBSan; also check-ubsan, check-tsan'
	@echo 'make fuzz         libFuzzer targets with clang, FUZZ_SECONDS=60 each'
	@echo 'make bench        speed, side by side with the peers whose packages are present'
	@echo 'make quality      how well names, dates and misspelled names are found; more with NAMES_DATA=DIR'
	@echo 'make train        learn the names model again, from the texts below NAMES_DATA=DIR'
	@echo 'make golden       rewrite the expected outputs in tests/golden and samples/screens*, for review'
	@echo 'make abi          take over the binary interface as it is now, for review'
	@echo 'make coverage     line coverage of the tests, with gcov'
	@echo 'make format       clang-format over all sources'
	@echo 'make install      into $$DESTDIR$(PREFIX); also uninstall'
	@echo 'make deb          Debian packages, in $(BUILD)/deb/'
	@echo 'make deps         install what is missing; on other systems, say what that is'

# ---- What has to be installed --------------------------------------------------------------------

# $(1): package names; $(2): a test that all is there.
define install_missing
	@if $(2); then :; \
	elif command -v apt-get >/dev/null 2>&1; then \
	    missing=''; for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	    sudo=''; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    echo "Installing with apt-get:$$missing"; \
	    { $$sudo apt-get -q -o Dpkg::Use-Pty=0 update && \
	      DEBIAN_FRONTEND=noninteractive $$sudo apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends $$missing; } \
	      >$${TMPDIR:-/tmp}/morgue-apt.log 2>&1 || { cat $${TMPDIR:-/tmp}/morgue-apt.log >&2; exit 1; }; \
	else \
	    echo 'This is no Debian system. Please install what these Debian packages hold:' >&2; \
	    echo '  $(1)' >&2; exit 1; \
	fi
endef

deps:
	$(call install_missing,$(BUILD_PACKAGES),command -v $(CC) >/dev/null && command -v $(CXX) >/dev/null && pkg-config --exists $(PKGS) $(EDIT_PKGS) 2>/dev/null)

test-deps: deps
	$(call install_missing,$(TEST_PACKAGES),pkg-config --exists check 2>/dev/null && command -v xapian-tcpsrv >/dev/null && command -v mandoc >/dev/null)

# ---- Building ------------------------------------------------------------------------------------

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(if $(Q),@echo '  CC    $<')
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/obj/%.o: %.cc
	@mkdir -p $(@D)
	$(if $(Q),@echo '  CXX   $<')
	$(Q)$(CXX) $(CPPFLAGS) $(PKG_CFLAGS) $(CXXFLAGS) -c -o $@ $<

$(BUILD)/libmorgue.a: $(LIB_OBJS)
	$(if $(Q),@echo '  AR    $@')
	$(Q)rm -f $@ && $(AR) crs $@ $^

# Two shared libraries and the same as archives: libmorgue, and the binding alone for whoever wants only that. libmorgue
# has the binding inside and does not show it, so a program may use both, of whatever versions.
VERSION := $(shell sed -n 's/^\#define MORGUE_VERSION_[A-Z]* //p' include/morgue.h | paste -sd .)
SONUMBER := 0
BINDING_OBJS := $(BUILD)/obj/indexer/xapian-c/xapian_c.o
libmorgue_OBJS   := $(LIB_OBJS)
libxapian-c_OBJS := $(BINDING_OBJS)
libmorgue_SHOWS   := morgue_*
libxapian-c_SHOWS := xapian_*
libmorgue_LIBS    = $(PKG_LIBS)
libxapian-c_LIBS  = $(shell pkg-config --libs xapian-core)
LIBRARIES := libmorgue libxapian-c

.PHONY: libraries
libraries: $(foreach l,$(LIBRARIES),$(BUILD)/$(l).so $(BUILD)/$(l).a)

$(BUILD)/libxapian-c.a: $(BINDING_OBJS)
	$(if $(Q),@echo '  AR    $@')
	$(Q)rm -f $@ && $(AR) crs $@ $^

define shared_library
$(BUILD)/$(1).so.$(VERSION): $$($(1)_OBJS)
	$$(if $$(Q),@echo '  LINK  $$@')
	$$(Q)echo 'V$(SONUMBER) { global: $$($(1)_SHOWS); local: *; };' >$(BUILD)/$(1).map
	$$(Q)$(CXX) -shared -Wl,-soname,$(1).so.$(SONUMBER) -Wl,--version-script=$(BUILD)/$(1).map \
	    $$(if $$(SANITIZE),,-Wl,--no-undefined) $(LDFLAGS) -o $$@ $$^ $$($(1)_LIBS)
$(BUILD)/$(1).so: $(BUILD)/$(1).so.$(VERSION)
	$$(Q)ln -sf $(1).so.$(VERSION) $(BUILD)/$(1).so.$(SONUMBER) && ln -sf $(1).so.$(SONUMBER) $$@
endef
$(foreach l,$(LIBRARIES),$(eval $(call shared_library,$(l))))

define link
	@mkdir -p $(@D)
	$(if $(Q),@echo '  LINK  $@')
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^)
endef

$(BUILD)/morgue-index: $(INDEX_OBJS) $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS)
$(BUILD)/morgue-search: $(SEARCH_OBJS) $(BUILD)/libmorgue.a
	$(link) $(EDIT_LIBS) $(PKG_LIBS)

TRAIN_OBJS := $(TRAIN_SRCS:%.c=$(BUILD)/obj/%.o)
$(BUILD)/morgue-train: $(TRAIN_OBJS) $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS) -lm

$(BUILD)/obj/indexer/entity/model_find.o: CPPFLAGS += -DMRG_INSTALLED_MODEL='"$(PREFIX)/share/morgue/names.model"'

CHECK_LIBS = $(shell pkg-config --libs check)
define test_rule
$(BUILD)/tests/%: $(BUILD)/obj/$(1)/%.o $(BUILD)/libmorgue.a
	$$(link) $$(CHECK_LIBS) $$(PKG_LIBS)
endef
$(foreach dir,tests/unit tests/property tests/corrupt tests/fault tests/api,$(eval $(call test_rule,$(dir))))
# What is between the arguments and the library is tested too.
$(BUILD)/tests/check_output $(BUILD)/tests/check_output_overview: $(filter-out $(BUILD)/obj/searcher/main.o $(BUILD)/obj/searcher/interactive%,$(SEARCH_OBJS))
$(BUILD)/tests/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/driver.o $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS)
$(BUILD)/rank-eval: $(BUILD)/obj/tests/quality/rank_eval.o $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS)
$(BUILD)/names-eval: $(BUILD)/obj/tests/quality/names_eval.o $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS)
$(BUILD)/entity-eval: $(BUILD)/obj/tests/quality/entity_eval.o $(BUILD)/obj/indexer/train/judged.o $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS)
$(BUILD)/resolve-eval: $(BUILD)/obj/tests/quality/resolve_eval.o $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS)
$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS)
$(BUILD)/samples/%: $(BUILD)/obj/samples/%.o $(BUILD)/libmorgue.a
	$(link) $(PKG_LIBS)

# The desktop sample; it is given nothing of ours but morgue.h.
DESKTOP_PACKAGES := libgtk-4-dev
GTK_CFLAGS = $(shell pkg-config --cflags gtk4)
GTK_LIBS   = $(shell pkg-config --libs gtk4)

# ThreadSanitizer does not know GTK's locks.
HAVE_GTK := $(if $(filter thread,$(SANITIZE)),,$(shell pkg-config --exists 'gtk4 >= 4.8' 2>/dev/null && command -v glib-compile-resources))
DESKTOP_TEST_PACKAGES := xvfb xdotool imagemagick dbus-daemon

.PHONY: desktop desktop-program desktop-deps desktop-test-deps check-desktop
desktop: deps desktop-deps
	@$(MAKE) --no-print-directory desktop-program
desktop-deps:
	$(call install_missing,$(DESKTOP_PACKAGES),pkg-config --exists 'gtk4 >= 4.8' 2>/dev/null && command -v glib-compile-resources >/dev/null)
desktop-program: $(BUILD)/morgue-desktop
desktop-test-deps: desktop-deps
	$(call install_missing,$(DESKTOP_TEST_PACKAGES),{ command -v Xvfb && command -v xdotool && command -v import && command -v dbus-run-session; } >/dev/null)
check-desktop: desktop desktop-test-deps
	@$(MAKE) --no-print-directory programs
	@BUILD=$(BUILD) sh tests/api/check_desktop.sh

$(BUILD)/obj/$(DESKTOP)/%.o: CPPFLAGS = -D_GNU_SOURCE -Iinclude
$(BUILD)/obj/$(DESKTOP)/%.o: PKG_CFLAGS = $(GTK_CFLAGS)
$(BUILD)/obj/$(DESKTOP)/resources.c: $(DESKTOP)/desktop.gresource.xml $(wildcard $(DESKTOP)/*.css $(DESKTOP)/*.ui)
	@mkdir -p $(@D)
	$(Q)glib-compile-resources --generate-source --sourcedir=$(DESKTOP) --target=$@ $<
$(BUILD)/obj/$(DESKTOP)/resources.o: $(BUILD)/obj/$(DESKTOP)/resources.c
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -Wno-overlength-strings -c -o $@ $<
$(BUILD)/morgue-desktop: $(DESKTOP_OBJS) $(BUILD)/libmorgue.a
	$(link) $(GTK_LIBS) $(PKG_LIBS)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- Running -------------------------------------------------------------------------------------

# The second make starts after the installation, so that it sees the packages.
demo: deps
	@$(MAKE) --no-print-directory programs
	@BUILD=$(BUILD) sh samples/demo.sh

check: test-deps
	@$(MAKE) --no-print-directory check-fast

check-fast: all manual $(TESTS) $(FUZZERS) $(TOOLS) $(SAMPLES) $(if $(HAVE_GTK),desktop-program)
	@BUILD=$(BUILD) CC='$(CC)' CXX='$(CXX)' sh tests/run.sh $(TESTS)

check-asan: test-deps
	@CK_FORK=no ASAN_OPTIONS=$(ASAN_OPTIONS):allocator_may_return_null=1 $(MAKE) --no-print-directory check-fast \
	    BUILD=$(BUILD)/asan SANITIZE=address,undefined OPT=-O1
check-ubsan: test-deps
	@$(MAKE) --no-print-directory check-fast BUILD=$(BUILD)/ubsan SANITIZE=undefined OPT=-O1
check-tsan: test-deps
	@$(MAKE) --no-print-directory check-fast BUILD=$(BUILD)/tsan SANITIZE=thread OPT=-O1

golden: all
	@BUILD=$(BUILD) sh tests/golden/run.sh --rewrite
	@BUILD=$(BUILD) sh samples/screens.sh

# Judged texts, lists and news that are not part of this tree.
NAMES_DATA ?=
export NAMES_DATA

abi:
	@CC='$(CC)' sh tests/api/check_abi.sh --rewrite

quality: all $(TOOLS)
	@BUILD=$(BUILD) sh tests/quality/table.sh

# The model that is shipped, from judged texts (ner/train/) and lists (gaz/) below NAMES_DATA.
train: $(BUILD)/morgue-train
	@[ -n '$(NAMES_DATA)' ] || { echo 'make train NAMES_DATA=DIR: DIR holds ner/train/*.tsv.gz and gaz/*.tsv.gz' >&2; exit 1; }
	$(BUILD)/morgue-train --output indexer/entity/names.model --clusters $(NAMES_DATA)/gaz/word-clusters.tsv.gz \
	    --names $(NAMES_DATA)/gaz/names.tsv.gz $(sort $(wildcard $(NAMES_DATA)/ner/train/*.tsv.gz))

FUZZ_SECONDS ?= 60
fuzz: deps
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang CXX=clang++ SANITIZE=address,undefined,fuzzer-no-link \
	    OPT=-O1 fuzz-run FUZZ_SECONDS=$(FUZZ_SECONDS)
.PHONY: fuzz-run
fuzz-run: $(BUILD)/libmorgue.a $(FUZZ_SRCS:tests/fuzz/%.c=$(BUILD)/obj/tests/fuzz/%.o)
	@for f in $(notdir $(FUZZ_SRCS:.c=)); do \
	    $(CXX) -fsanitize=address,undefined,fuzzer -o $(BUILD)/$$f $(BUILD)/obj/tests/fuzz/$$f.o $(BUILD)/libmorgue.a \
	        $(PKG_LIBS) -pthread || exit 1; \
	    mkdir -p $(BUILD)/corpus/$$f; \
	    $(BUILD)/$$f -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=4096 $(BUILD)/corpus/$$f \
	        tests/fuzz/corpus/$${f#fuzz_} || exit 1; \
	done

bench: deps
	@$(MAKE) --no-print-directory programs bench-programs
	@BUILD=$(BUILD) sh tests/bench/run.sh
.PHONY: bench-programs
bench-programs: $(BENCHES)

coverage: test-deps
	@$(MAKE) --no-print-directory check-fast BUILD=$(BUILD)/coverage COVERAGE=1 OPT=-O0
	@cd $(BUILD)/coverage && find obj/indexer obj/searcher -name '*.gcda' -exec gcov -n {} + 2>/dev/null | \
	    awk '/^File .(indexer|searcher)/{f=1} f&&/^Lines/{split($$2,a,":"); split(a[2],b,"%"); n=$$4; t+=n; c+=n*b[1]/100; f=0} \
	         END{printf "%.1f %% of %d lines\n", 100*c/t, t}'

format:
	clang-format -i $(shell git ls-files '*.c' '*.h' '*.cc')

# Man pages lie beside what they describe; morgue-index.1 goes to man1.
MAN_PAGES := $(wildcard indexer/*.[1-9] searcher/*.[1-9])
MAN_DIR   := $(DESTDIR)$(PREFIX)/share/man

BASH_COMPLETION := $(DESTDIR)$(PREFIX)/share/bash-completion/completions/morgue-search
ZSH_COMPLETION  := $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_morgue-search

# The pages of section 3 are made from the header, with the day of the others.
MAN3 := $(BUILD)/man
.PHONY: manual
manual: $(MAN3)/morgue.3
$(MAN3)/morgue.3: include/morgue.h include/manual.awk
	$(Q)rm -rf $(MAN3) && mkdir -p $(MAN3)
	$(Q)awk -v dir=$(MAN3) -v date="$$(sed -n 's/^\.Dd //p' searcher/morgue-search.1)" -f include/manual.awk include/morgue.h

DATA_DIR := $(DESTDIR)$(PREFIX)/share/morgue
DOC_DIR  := $(DESTDIR)$(PREFIX)/share/doc/morgue
LIB_DIR   = $(DESTDIR)$(LIBDIR)

# Of pkg-config, for $(1): its library, what it is, and what it stands on.
define pc_file
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$(LIBDIR)' 'includedir=$${prefix}/include' '' 'Name: $(1)' 'Description: $(2)' \
	    'Version: $(VERSION)' 'Libs: -L$${libdir} -l$(1)' 'Libs.private: $(3) -lstdc++ -lm -pthread' \
	    'Cflags: -I$${includedir}' >'$(LIB_DIR)/pkgconfig/$(1).pc'
endef

install: all manual
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(LIB_DIR)/pkgconfig' '$(DESTDIR)$(PREFIX)/include' '$(DATA_DIR)' '$(DOC_DIR)'
	for page in $(MAN_PAGES); do install -D -m 644 $$page "$(MAN_DIR)/man$${page##*.}/$${page##*/}" || exit 1; done
	install -d '$(MAN_DIR)/man3' && install -m 644 $(MAN3)/*.3 '$(MAN_DIR)/man3/'
	install $(BUILD)/morgue-index $(BUILD)/morgue-search '$(DESTDIR)$(PREFIX)/bin/'
	install -m 644 indexer/entity/names.model indexer/entity/names.model.LICENSE '$(DATA_DIR)/'
	install -m 644 README.md LICENSE '$(DOC_DIR)/'
	install -D -m 644 searcher/morgue-search.bash '$(BASH_COMPLETION)'
	install -D -m 644 searcher/_morgue-search '$(ZSH_COMPLETION)'
	install -m 644 include/morgue.h include/xapian_c.h '$(DESTDIR)$(PREFIX)/include/'
	for l in $(LIBRARIES); do \
	    install -m 644 $(BUILD)/$$l.a $(BUILD)/$$l.so.$(VERSION) '$(LIB_DIR)/' && \
	    ln -sf $$l.so.$(VERSION) "$(LIB_DIR)/$$l.so.$(SONUMBER)" && ln -sf $$l.so.$(SONUMBER) "$(LIB_DIR)/$$l.so" || exit 1; \
	done
	$(call pc_file,morgue,full-text search for news archives,$(PKG_LIBS))
	$(call pc_file,xapian-c,libxapian from C,$(libxapian-c_LIBS))

uninstall: manual
	for page in $(MAN_PAGES); do rm -f "$(MAN_DIR)/man$${page##*.}/$${page##*/}"; done
	for page in $(MAN3)/*.3; do rm -f "$(MAN_DIR)/man3/$${page##*/}"; done
	rm -rf '$(DATA_DIR)' '$(DOC_DIR)'
	rm -f '$(BASH_COMPLETION)' '$(ZSH_COMPLETION)'
	for f in bin/morgue-index bin/morgue-search include/morgue.h include/xapian_c.h; do rm -f "$(DESTDIR)$(PREFIX)/$$f"; done
	for l in $(LIBRARIES); do \
	    for f in $$l.a $$l.so $$l.so.$(SONUMBER) $$l.so.$(VERSION) pkgconfig/$${l#lib}.pc; do rm -f "$(LIB_DIR)/$$f"; done; \
	done

# Packages into $(BUILD)/deb; samples/debian.sh says which.
.PHONY: deb
deb: deps
	$(call install_missing,dpkg-dev,command -v dpkg-shlibdeps >/dev/null)
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) sh samples/debian.sh $(BUILD)/deb $(VERSION)

clean:
	rm -rf $(BUILD)
