/* SPDX-License-Identifier: Apache-2.0 */
/* The VMM over the stand-in device: a linux role. Its image is taken apart, and what was seen of it is told. */
#include <string.h>

#include "vmm_redact.h"

#define LINUX_PAGES	600

static struct redact_blob linux_blob(void)
{
	struct redact_blob b = redact_blob();
	struct mica_blob_role *r = &b.role[REDACTOR];

	r->rights = MICA_RIGHT_VTIMER;
	r->flags = MICA_ROLE_SIG_IRQ;
	r->ram_size = LINUX_PAGES * PAGE;
	r->dev_page_off = (uint32_t)(linux_devices_at(r->ram_size) / PAGE);
	r->dev_pages = LINUX_DEVICES_SIZE / PAGE;
	return b;
}

/* Nothing but the headers: of the file, and of a kernel in it. */
static void pack(uint8_t file[2 * PAGE])
{
	const struct linux_image_header h = { .magic = LINUX_IMAGE_MAGIC, .kernel_size = 64, .cmdline = "quiet" };
	const uint64_t size = 4096, flags = 2;

	memset(file, 0, 2 * PAGE);
	memcpy(file, &h, sizeof(h));
	memcpy(file + PAGE + 16, &size, 8);
	memcpy(file + PAGE + 24, &flags, 8);
	memcpy(file + PAGE + 56, "ARM\x64", 4);
}

static uint64_t play_exits(unsigned int r, struct rmi_rec_run *run)
{
	static const uint64_t reasons[] = { RMI_EXIT_MICA_IDLE, RMI_EXIT_MICA_WAKE, RMI_EXIT_MICA_IDLE, RMI_EXIT_MICA_OFF };

	run->exit.exit_reason = reasons[redact_step[r]++];
	return 0;
}

static void linux_load(const uint8_t *file, size_t size)
{
	struct redact_blob b = linux_blob();

	redact_begin();
	fake.play[REDACTOR] = play_exits;
	port_start();
	assert_int_equal(redact_get(), RUN_READY);
	port_put(RUN_BLOB, 0, &b, sizeof(b));
	port_put(RUN_IMAGE, INGEST, redact_image, 1);
	port_put(RUN_IMAGE, REDACTOR, file, size);
	port_put(RUN_IMAGE, SINK, redact_image, 1);
	port_put(RUN_LOAD, 0, NULL, 0);
}

static void linux_role(void **state)
{
	static struct loadplan_linux os;
	static uint8_t file[2 * PAGE];
	struct loadplan_realm plan = {
		.s2sz = 39, .vcpus = 1, .num_bps = 1, .num_wps = 1, .ram_base = 0x40000000, .ram_size = LINUX_PAGES * PAGE,
		.image = file, .image_size = sizeof(file),
	};
	uint8_t rim[64];

	(void)state;
	pack(file);
	linux_load(file, sizeof(file));
	assert_int_equal(redact_get(), RUN_LOADED);
	assert_int_equal(redact_get(), RUN_LOADED);
	assert_int_equal(port_data.loaded.pages, LINUX_PAGES);
	assert_null(loadplan_linux(&os, &plan));
	assert_int_equal(loadplan_rim(&plan, rim), 0);
	assert_memory_equal(port_data.loaded.rim, rim, 64);
	port_put(RUN_STOP, 0, NULL, 0);
	while (redact_get() != RUN_DONE)
		assert_int_not_equal(port_msg.type, RUN_FAIL);
	port_end();

	file[0]++;
	linux_load(file, sizeof(file));
	redact_failed("role 'redactor' cannot be loaded: its image is no packed Linux image");
	pack(file);
	linux_load(file, PAGE);
	redact_failed("role 'redactor' cannot be loaded: its image is a packed Linux image that was cut off");
}

static void what_was_seen_of_a_linux_role(void **state)
{
	static uint8_t file[2 * PAGE];

	(void)state;
	pack(file);
	linux_load(file, sizeof(file));
	while (redact_get() != RUN_NOTE)
		assert_int_not_equal(port_msg.type, 0);
	assert_non_null(strstr(port_data.text, "of 'redactor': 0 interrupts of its own, idle 2 times, 1 wake-ups of others, off 1, "
			       "stopped 0, anything else 0"));
	port_put(RUN_STOP, 0, NULL, 0);
	while (redact_get() != RUN_DONE)
		assert_int_not_equal(port_msg.type, 0);
	port_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_role),
		cmocka_unit_test(what_was_seen_of_a_linux_role),
	};

	return cmocka_run_group_tests_name("vmm_linux", tests, NULL, redact_clean_up);
}
