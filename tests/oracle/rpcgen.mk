# rpcgen.mk: tests/oracle/rpcgen.c once with the code that rpcgen makes of each of these files.
# Those of Debian's rpcsvc-proto and libtirpc-dev, then the project's own, which are held
# against rpcgen's reading of them. What is left out, and why: tests/oracle/rpcgen.test.
RPCGEN_DEBIAN := $(addprefix /usr/include/rpcsvc/,bootparam_prot.x key_prot.x klm_prot.x mount.x \
	nfs_prot.x nlm_prot.x rex.x rquota.x rstat.x rusers.x sm_inter.x spray.x yp.x yppasswd.x) \
	/usr/include/tirpc/rpcsvc/crypt.x
RPCGEN_OWN := $(addprefix src/spec/,mount.x nfs2.x nfs3.x nfs4.x nfs_acl.x nlm.x nsm.x rquota.x)
# Everything that real files written for rpcgen have in them.
RPCGEN_CONSTRUCTS := $(addprefix tests/oracle/,constructs.x constructs_new_style.x)
RPCGEN_FOLDER := $(BUILD)/tests/oracle/rpcgen
RPCGEN_TESTS :=

# rpcgen_test NAME FILE.x; FBSDID: crypt.x has its version as a C line.
define rpcgen_test
RPCGEN_TESTS += $(BUILD)/tests/oracle/test_rpcgen_$(1)
$(RPCGEN_FOLDER)/$(1)/$(basename $(notdir $(2)))_table.c: $(2) tests/oracle/rpcgen.bash
	@$$(call say,RPCGEN,$(2))
	$$(Q)tests/oracle/rpcgen.bash $(2) $$(@D)
$(BUILD)/tests/oracle/test_rpcgen_$(1): $(RPCGEN_FOLDER)/$(1)/$(basename $(notdir $(2)))_table.c \
		$(BUILD)/tests/oracle/rpcgen.o $(LIBRARY)
	@$$(call say,LD,$$@)
	$$(Q)$$(CC) -w -D_GNU_SOURCE -D'__FBSDID(x)=' -Itests/oracle $$(PC_CFLAGS) $$(OPTIMIZE) \
		$$(SANITIZE) $$(CFLAGS) -include rpcgen_support.h $$(LDFLAGS) -o $$@ $$< \
		$$(<:_table.c=_xdr.c) $$(filter %.o %.a,$$^) -lcmocka $$(ALL_LIBS)
endef

ifneq ($(shell command -v rpcgen),)
$(foreach x,$(wildcard $(RPCGEN_DEBIAN)),$(eval $(call rpcgen_test,$(basename $(notdir $(x))),$(x))))
$(foreach x,$(RPCGEN_CONSTRUCTS),$(eval $(call rpcgen_test,$(basename $(notdir $(x))),$(x))))
$(foreach x,$(RPCGEN_OWN),$(eval $(call rpcgen_test,own_$(basename $(notdir $(x))),$(x))))
endif

# The walker's benchmark has rpcgen's code from nfs3.x beside it.
WALK_BENCH := $(BUILD)/tests/bench/walk_bench
$(WALK_BENCH): $(RPCGEN_FOLDER)/own_nfs3/nfs3_table.c $(BUILD)/tests/bench/walk_bench.o $(LIBRARY)
	@$(call say,LD,$@)
	$(Q)$(CC) -w -D_GNU_SOURCE -Itests/oracle $(PC_CFLAGS) $(OPTIMIZE) $(SANITIZE) $(CFLAGS) \
		-include rpcgen_support.h $(LDFLAGS) -o $@ $< $(<:_table.c=_xdr.c) \
		$(filter %.o %.a,$^) $(ALL_LIBS)
