/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of a guest: interrupt controller and UART. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../host/vmm/guest/gic.h"
#include "../../host/vmm/guest/pl011.h"

#define LR_STATE(lr)	((lr) >> 62)
#define PENDING		1
#define ACTIVE		2
#define SGI_FRAME(cpu)	((cpu) * GICR_STRIDE + 0x10000UL)

static struct gic gic;
static uint64_t lr[GIC_MAX_LRS];

/* Group 1, enabled, at a priority. */
static void ppi_on(unsigned int cpu, unsigned int intid, uint8_t priority)
{
	gic_redist_write(&gic, SGI_FRAME(cpu) + 0x80, 4, 0xffffffff);
	gic_redist_write(&gic, SGI_FRAME(cpu) + 0x100, 4, 1UL << intid);
	gic_redist_write(&gic, SGI_FRAME(cpu) + 0x400 + intid, 1, priority);
}

static int set_up(void **state)
{
	(void)state;
	gic_init(&gic, 2, 4);
	gic_dist_write(&gic, 0, 4, 2);
	return 0;
}

static void level_is_taken_once_and_comes_back_while_high(void **state)
{
	(void)state;
	ppi_on(0, 27, 0xa0);
	gic_ppi(&gic, 0, 27, true);
	assert_true(gic_wanted(&gic, 0));
	assert_false(gic_wanted(&gic, 1));
	assert_int_equal(gic_load(&gic, 0, lr), 0);
	assert_int_equal(lr[0], 1UL << 62 | 1UL << 60 | 0xa0UL << 48 | 27);
	lr[0] = (lr[0] & ~(3UL << 62)) | 2UL << 62;	/* the Realm took it */
	gic_save(&gic, 0, lr);
	gic_load(&gic, 0, lr);
	assert_int_equal(LR_STATE(lr[0]), ACTIVE);	/* in service: not pending beside */
	lr[0] &= ~(3UL << 62);				/* and ended it */
	gic_save(&gic, 0, lr);
	gic_load(&gic, 0, lr);
	assert_int_equal(LR_STATE(lr[0]), PENDING);	/* still high */
	gic_save(&gic, 0, lr);
	gic_ppi(&gic, 0, 27, false);
	gic_load(&gic, 0, lr);
	assert_int_equal(LR_STATE(lr[0]), 0);		/* a level that went away is not pending */
}

static void edge_survives_a_run_that_did_not_take_it(void **state)
{
	(void)state;
	ppi_on(1, 3, 0);
	assert_int_equal(gic_sgi(&gic, 0, 3UL << 24 | 2), 2);	/* SGI 3 to the second vCPU */
	gic_load(&gic, 1, lr);
	assert_int_equal(LR_STATE(lr[0]), PENDING);
	assert_false(gic_wanted(&gic, 1));		/* on its way */
	gic_save(&gic, 1, lr);
	assert_true(gic_wanted(&gic, 1));		/* came back */
	gic_load(&gic, 1, lr);
	lr[0] &= ~(3UL << 62);
	gic_save(&gic, 1, lr);
	assert_false(gic_wanted(&gic, 1));
}

static void sgi_to_all_others(void **state)
{
	(void)state;
	assert_int_equal(gic_sgi(&gic, 1, 1UL << 40), 1);
	assert_int_equal(gic_sgi(&gic, 0, 1UL << 16 | 1), 0);	/* Aff1 = 1: nobody */
	assert_int_equal(gic_sgi(&gic, 0, 0xfffc), 0);		/* vCPUs that are not there */
}

static void masked_is_not_delivered(void **state)
{
	(void)state;
	gic_ppi(&gic, 0, 27, true);
	assert_false(gic_wanted(&gic, 0));		/* neither group 1 nor enabled */
	ppi_on(0, 27, 0);
	assert_true(gic_wanted(&gic, 0));
	gic_redist_write(&gic, SGI_FRAME(0) + 0x180, 4, 1UL << 27);
	assert_false(gic_wanted(&gic, 0));
	ppi_on(0, 27, 0);
	gic_dist_write(&gic, 0, 4, 0);
	assert_false(gic_wanted(&gic, 0));		/* group 1 off at the distributor */
}

static void more_than_list_registers(void **state)
{
	(void)state;
	gic_redist_write(&gic, SGI_FRAME(0) + 0x80, 4, 0xffffffff);
	gic_redist_write(&gic, SGI_FRAME(0) + 0x100, 4, 0xffff);
	for (unsigned int i = 0; i < 6; i++) {
		gic_redist_write(&gic, SGI_FRAME(0) + 0x400 + i, 1, 0x80 - 8 * i);
		gic_sgi(&gic, 0, (uint64_t)i << 24 | 1);
	}
	assert_int_equal(gic_load(&gic, 0, lr), 2);	/* UIE: there is more */
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal((uint32_t)lr[i], 5 - i);	/* most urgent first */
	for (unsigned int i = 0; i < 4; i++)
		lr[i] &= ~(3UL << 62);
	gic_save(&gic, 0, lr);
	assert_int_equal(gic_load(&gic, 0, lr), 0);
	assert_int_equal((uint32_t)lr[0], 1);
	assert_int_equal((uint32_t)lr[1], 0);
	assert_int_equal(LR_STATE(lr[1]), PENDING);
	assert_int_equal(LR_STATE(lr[2]), 0);
}

static void spi_follows_its_router(void **state)
{
	(void)state;
	gic_dist_write(&gic, 0x84, 4, 0xffffffff);
	gic_dist_write(&gic, 0x104, 4, 2);
	gic_spi(&gic, 33, true);
	assert_true(gic_wanted(&gic, 0));
	gic_dist_write(&gic, 0x6000 + 33 * 8, 8, 1);
	assert_false(gic_wanted(&gic, 0));
	assert_true(gic_wanted(&gic, 1));
	gic_dist_write(&gic, 0x6000 + 33 * 8 + 4, 4, 7);	/* Aff3 = 7: nowhere */
	assert_false(gic_wanted(&gic, 1));
	assert_int_equal(gic_dist_read(&gic, 0x6000 + 33 * 8, 8), 7UL << 32 | 1);
}

/* Routed elsewhere while a vCPU has it: that vCPU ends it, and nobody else gets it meanwhile. */
static void spi_stays_with_the_vcpu_that_took_it(void **state)
{
	(void)state;
	gic_dist_write(&gic, 0x84, 4, 0xffffffff);
	gic_dist_write(&gic, 0x104, 4, 2);
	gic_spi(&gic, 33, true);
	gic_load(&gic, 0, lr);
	assert_int_equal(LR_STATE(lr[0]), PENDING);
	gic_dist_write(&gic, 0x6000 + 33 * 8, 8, 1);
	assert_false(gic_wanted(&gic, 1));		/* in the other's list registers */
	lr[0] = (lr[0] & ~(3UL << 62)) | 2UL << 62;
	gic_save(&gic, 0, lr);
	assert_false(gic_wanted(&gic, 1));		/* the other has it active */
	gic_load(&gic, 1, lr);
	assert_int_equal(LR_STATE(lr[0]), 0);
	gic_save(&gic, 1, lr);
	gic_load(&gic, 0, lr);
	assert_int_equal(LR_STATE(lr[0]), ACTIVE);
	lr[0] &= ~(3UL << 62);
	gic_save(&gic, 0, lr);
	assert_false(gic_wanted(&gic, 0));
	assert_true(gic_wanted(&gic, 1));		/* still high: now it goes where it is routed */
}

/* No offset and no size does anything but read zero or be ignored. */
static void every_offset_is_safe(void **state)
{
	static const unsigned int sizes[] = { 1, 2, 4, 8 };

	(void)state;
	for (uint64_t off = 0; off < 2 * GICR_STRIDE + 0x1000; off++) {
		for (unsigned int s = 0; s < 4; s++) {
			gic_redist_write(&gic, off, sizes[s], ~0UL);
			gic_redist_read(&gic, off, sizes[s]);
			if (off < GICD_SIZE) {
				gic_dist_write(&gic, off, sizes[s], ~0UL);
				gic_dist_read(&gic, off, sizes[s]);
			}
		}
	}
	assert_int_equal(gic_redist_read(&gic, 2 * GICR_STRIDE + 8, 8), 0);
	assert_int_equal(gic_dist_read(&gic, 0xffe8, 4), 0x3b);
	assert_int_equal(gic_redist_read(&gic, GICR_STRIDE + 8, 8), 1UL << 32 | 1UL << 8 | 1UL << 4);
}

static void uart_receives_and_announces(void **state)
{
	struct pl011 u;

	(void)state;
	pl011_init(&u);
	assert_int_equal(pl011_read(&u, 0x18) & 0x10, 0x10);	/* FR.RXFE */
	pl011_receive(&u, (const uint8_t *)"ab", 2);
	assert_int_equal(pl011_room(&u), PL011_FIFO - 2);
	assert_false(pl011_line(&u));			/* masked */
	pl011_write(&u, 0x38, 0x50);
	assert_true(pl011_line(&u));
	assert_int_equal(pl011_read(&u, 0), 'a');
	assert_int_equal(pl011_read(&u, 0), 'b');
	assert_false(pl011_line(&u));
	assert_int_equal(pl011_read(&u, 0), 0);		/* empty */
	assert_int_equal(pl011_room(&u), PL011_FIFO);
}

static void uart_sends_lines(void **state)
{
	struct pl011 u;

	(void)state;
	pl011_init(&u);
	assert_false(pl011_write(&u, 0, 'x'));
	assert_true(pl011_write(&u, 0, '\n'));
	assert_memory_equal(u.out, "x\n", 2);
	pl011_write(&u, 0x38, 0x20);
	assert_true(pl011_line(&u));			/* sent: there is room */
	pl011_write(&u, 0x44, 0x20);
	assert_false(pl011_line(&u));
	u.out_len = sizeof(u.out) - 1;
	assert_true(pl011_write(&u, 0, 'y'));		/* no more room */
	for (uint64_t off = 4; off < PL011_SIZE; off++)
		pl011_read(&u, off);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(level_is_taken_once_and_comes_back_while_high, set_up),
		cmocka_unit_test_setup(edge_survives_a_run_that_did_not_take_it, set_up),
		cmocka_unit_test_setup(sgi_to_all_others, set_up),
		cmocka_unit_test_setup(masked_is_not_delivered, set_up),
		cmocka_unit_test_setup(more_than_list_registers, set_up),
		cmocka_unit_test_setup(spi_follows_its_router, set_up),
		cmocka_unit_test_setup(spi_stays_with_the_vcpu_that_took_it, set_up),
		cmocka_unit_test_setup(every_offset_is_safe, set_up),
		cmocka_unit_test(uart_receives_and_announces),
		cmocka_unit_test(uart_sends_lines),
	};

	return cmocka_run_group_tests_name("guest", tests, NULL, NULL);
}
