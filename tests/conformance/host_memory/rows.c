/* SPDX-License-Identifier: Apache-2.0 */
/* Pointers of the host into memory that is not its own, by command: Secure, Root, the monitor's, a Realm's; and memory it loses. */
#include "../guest.h"
#define COMMAND "HOST_MEMORY"

static const struct env env = { .set_up = guest_new };
static const struct env env_loading = { .set_up = guest_loading };

/* what the physical address space of each is: el3-interface.md 1 */
#define PA_SECURE	0x0e100000UL
#define PA_ROOT		0x0e001000UL
#define PA_SHARED	0x418ff000UL		/* between EL3 and the monitor */
#define PA_LAST		0xfffff000UL		/* the host's, the last there is */

/* The call with the pointer is refused; then with a page of the host's it succeeds. */
static void realm_params(uint64_t pa)
{
	uint64_t good = host_page(), rtt = granule_alloc(2, 2 * PAGE), rd = delegated();

	realm_params_default(page_ptr(good), rtt, next_vmid());
	EXPECT_EQ(RMI0(REALM_CREATE, rd, pa), INPUT);
	must(RMI0(REALM_CREATE, rd, good));
	must(RMI0(REALM_DESTROY, rd));
}

static void rec_params(uint64_t pa)
{
	struct realm r;
	uint64_t rec = delegated();

	realm_new(&r);
	EXPECT_EQ(RMI0(REC_CREATE, r.rd, rec, pa), INPUT);
	must(RMI0(GRANULE_UNDELEGATE, rec));
	one_more_rec(&r, 0, 0, 0);
}

static void data_source(uint64_t pa)
{
	uint64_t data = delegated();

	EXPECT_EQ(RMI0(DATA_CREATE, guest.rd, data, AT_LATE, pa, 1), INPUT);
	EXPECT_EQ(RMI(RTT_READ_ENTRY, guest.rd, AT_LATE, 3).x[2], RMI_UNASSIGNED);
	must(RMI0(DATA_CREATE, guest.rd, data, AT_LATE, host_page(), 1));
}

static void run(uint64_t pa)
{
	program(0, CODE("mov x0, #1"));
	EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], pa), INPUT);
	finish(0);
	EXPECT_EQ(after(0)->out[0], 1);
}

static void granule(uint64_t pa)
{
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa), INPUT);
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, pa), INPUT);
}

#define POINTERS(f)						\
	SHOW(f##__secure, f(PA_SECURE));			\
	SHOW(f##__root, f(PA_ROOT));				\
	SHOW(f##__monitor, f(PA_MONITOR));			\
	SHOW(f##__shared_with_el3, f(PA_SHARED));		\
	SHOW(f##__zero, f(0));					\
	SHOW(f##__last, f(~0xfffUL))
#define OWNED(f)						\
	SHOW(f##__delegated, f(delegated()));			\
	SHOW(f##__realm_data, f(guest_ram));			\
	SHOW(f##__rd, f(guest.rd));				\
	SHOW(f##__rec, f(guest_rec[0]));			\
	SHOW(f##__rtt, f(guest.l3))
POINTERS(realm_params); OWNED(realm_params);
POINTERS(rec_params); OWNED(rec_params);
POINTERS(run); OWNED(run);
POINTERS(granule);
#define env env_loading
POINTERS(data_source); OWNED(data_source);
#undef env
/* what an UNDELEGATE gives back is empty, and the host's */
SHOW(undelegated__wiped, uint64_t p = host_page(); memset(page_ptr(p), 0x5a, PAGE); must(RMI0(GRANULE_DELEGATE, p));
     EXPECT(!host_can_read(page_ptr(p)));
     EXPECT(!host_can_write(page_ptr(p))); must(RMI0(GRANULE_UNDELEGATE, p)); EXPECT(host_can_write(page_ptr(p)));
     for (int n = 0; n < 512; n++) EXPECT_EQ(((uint64_t *)page_ptr(p))[n], 0));
SHOW(undelegated__realm_data_wiped, run_code(0, CODE("str x0, [x1]"), 0x5ec4e7, AT_RAM, 0);
     EXPECT_EQ(RMI(DATA_DESTROY, guest.rd, AT_RAM).x[1], guest_ram);
     must(RMI0(GRANULE_UNDELEGATE, guest_ram)); for (int n = 0; n < 512; n++) EXPECT_EQ(((uint64_t *)page_ptr(guest_ram))[n], 0));
SHOW(undelegated__last_page, must(RMI0(GRANULE_DELEGATE, PA_LAST)); must(RMI0(GRANULE_UNDELEGATE, PA_LAST)));
/* no state of the monitor's is read or written by the host */
SHOW(not_readable__rd, EXPECT(!host_can_read(page_ptr(guest.rd))));
SHOW(not_readable__rec, EXPECT(!host_can_read(page_ptr(guest_rec[0]))); EXPECT(!host_can_write(page_ptr(guest_rec[0]))));
SHOW(not_readable__rtt, EXPECT(!host_can_read(page_ptr(guest.l3))); EXPECT(!host_can_write(page_ptr(guest.l3))));
SHOW(not_readable__data, EXPECT(!host_can_read(page_ptr(guest_ram))); EXPECT(!host_can_write(page_ptr(guest_ram))));
SHOW(not_readable__monitor, EXPECT(!host_can_read(page_ptr(PA_MONITOR))); EXPECT(!host_can_read(page_ptr(PA_SHARED))));
/* new pages of a Realm are empty, whatever the host left in them */
SHOW(given__empty, uint64_t p = host_page(); memset(page_ptr(p), 0x5a, PAGE); must(RMI0(GRANULE_DELEGATE, p));
     must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, p, AT_LATE));
     EXPECT_EQ(run_code(0, CODE("mov x3, #512; 1: ldr x4, [x1], #8; orr x0, x0, x4; subs x3, x3, #1; "
          "b.ne 1b"), 0, AT_LATE, 0), 0); no_exception(0));
