/* SPDX-License-Identifier: Apache-2.0 */
#include "vmm_peer.h"

#define RAM_PAGES	19

struct peer_blob peer_blob(void)
{
	struct peer_blob b = {
		.h = { .magic = MICA_BLOB_MAGIC, .version = 1, .roles = ROLES, .name = "life" },
	};
	unsigned int i;

	for (i = 0; i < ROLES; i++) {
		b.role[i] = (struct mica_blob_role){
			.rights = MICA_RIGHT_HOSTCALL, .s2sz = 39, .vcpus = 1, .num_bps = 1, .num_wps = 1,
			.ram_base = 0x40000000, .ram_size = RAM_PAGES * PAGE,
		};
		b.role[i].name[0] = (char)('a' + i);
	}
	return b;
}

void peer_gate(struct peer_blob *b, unsigned int caller, unsigned int callee, unsigned int server)
{
	b->h.gates = 1;
	b->gate[0] = (struct mica_blob_gate){ .caller_name = "g", .callee_name = "g", .caller = (uint8_t)caller,
					      .callee = (uint8_t)callee, .server_rec = (uint8_t)server };
}

void peer_window(struct peer_blob *b)
{
	b->h.regions = 1;
	b->region[0] = (struct mica_blob_region){ .name = "out", .base = 1UL << 38, .pages = 1, .role = A,
						  .kind = MICA_REGION_WINDOW, .rights = MICA_REGION_WRITE };
	b->role[A].region_count = 1;
	b->role[B].region_first = b->role[C].region_first = 1;
}

void peer_until(const atomic_int *what, int at_least)
{
	while (*what < at_least)
		if (!port_quiet(1) && port_get() + 1)
			fail_msg("message %u of role %u came instead: %s", port_msg.type, port_msg.arg,
				 port_msg.type == RUN_FAIL ? port_data.text : "");
}

/* Sections lie behind one another, so what is not there does not take its place. */
static void send_blob(const struct peer_blob *b)
{
	uint8_t flat[sizeof(*b)];
	struct mica_blob_header h = b->h;
	size_t n = sizeof(h) + sizeof(b->role);

	memcpy(flat + sizeof(h), b->role, sizeof(b->role));
	memcpy(flat + n, b->gate, h.gates * sizeof(b->gate[0]));
	n += h.gates * sizeof(b->gate[0]);
	memcpy(flat + n, b->region, h.regions * sizeof(b->region[0]));
	n += h.regions * sizeof(b->region[0]);
	h.total = (uint32_t)n;
	memcpy(flat, &h, sizeof(h));
	port_put(RUN_BLOB, 0, flat, (uint32_t)n);
}

void peer_load(const struct peer_blob *b)
{
	unsigned int i;

	port_start();
	send_blob(b);
	for (i = 0; i < ROLES; i++)
		port_put(RUN_IMAGE, i, "code", 4);
	port_put(RUN_LOAD, 0, NULL, 0);
	assert_int_equal(port_get(), RUN_READY);
	for (i = 0; i < ROLES; i++)
		assert_int_equal(port_get(), RUN_LOADED);
	assert_int_equal(port_get(), RUN_ACTIVE);
}

void peer_expect_exit(unsigned int role, uint32_t how)
{
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	assert_int_equal(port_msg.arg, role);
	assert_int_equal(port_data.exit.how, how);
}

void peer_expect_rest(unsigned int role, unsigned int ended)
{
	while (ended != (1U << ROLES) - 1) {
		assert_int_equal(port_get(), RUN_ROLE_EXIT);
		assert_true(port_msg.arg < ROLES && !(ended >> port_msg.arg & 1));
		assert_int_equal(port_data.exit.how, port_msg.arg == role ? HOW_REST : HOW_EXIT);
		ended |= 1U << port_msg.arg;
	}
}

void peer_expect_restart(unsigned int role, unsigned int which)
{
	assert_int_equal(port_get(), RUN_ROLE_RESTART);
	assert_int_equal(port_msg.arg, role);
	assert_int_equal(port_data.restart.restart, which);
}

void peer_expect_fail(const char *text)
{
	assert_int_equal(port_get(), RUN_FAIL);
	if (!strstr(port_data.text, text))
		fail_msg("'%s' lacks '%s'", port_data.text, text);
}

void peer_end(void)
{
	assert_int_equal(port_get(), RUN_DONE);
	assert_int_equal(port_data.done.granules_left, 0);
	assert_int_equal(port_get(), 0);
	port_end();
}

void peer_stop(void)
{
	port_put(RUN_STOP, 0, NULL, 0);
	while (port_get() != RUN_DONE)
		assert_int_not_equal(port_msg.type, 0);
	assert_int_equal(port_data.done.granules_left, 0);
	port_end();
}

uint64_t exit_with(struct rmi_rec_run *run, uint64_t reason)
{
	run->exit.exit_reason = reason;
	return 0;
}

uint64_t exit_call(struct rmi_rec_run *run, uint64_t imm, uint64_t a)
{
	run->exit.imm = imm;
	run->exit.gprs[0] = a;
	return exit_with(run, RMI_EXIT_HOST_CALL);
}

uint64_t play_exit_ok(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	return exit_call(run, MICA_HC_EXIT, MICA_EXIT_OK);
}

uint64_t play_idle(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	return exit_with(run, RMI_EXIT_MICA_IDLE);
}

uint64_t play_off(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	return exit_with(run, RMI_EXIT_MICA_OFF);
}
