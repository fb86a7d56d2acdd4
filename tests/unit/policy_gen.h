/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policies that have no error and can be built, as a list of tokens; for tests that include this file once.
 * MICA_RUNS and MICA_SEED choose how many and which.
 */
#ifndef TESTS_POLICY_GEN_H
#define TESTS_POLICY_GEN_H

#include <sys/mman.h>
#include <unistd.h>

#include "../../policy/compiler/compile.h"

static uint64_t state;

static unsigned int pick(unsigned int n)	/* 0 .. n-1 */
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned int)((state >> 11) % n);
}

static bool chance(unsigned int percent) { return pick(100) < percent; }

static unsigned int runs(unsigned int usual)
{
	const char *n = getenv("MICA_RUNS"), *seed = getenv("MICA_SEED");

	state = 0x9e3779b97f4a7c15 ^ (seed ? strtoul(seed, NULL, 0) : 1) * 0x100000001b3;
	return n ? (unsigned int)strtoul(n, NULL, 0) : usual;
}

/* ---- a policy as a list of tokens; "\n" stands where an item ends and `;` may stand ---- */

#define TOKENS 4000

struct list {
	char *v[TOKENS];
	unsigned int n;
};

static void add(struct list *t, const char *words)	/* split at blanks */
{
	char *copy = strdup(words), *save, *w;

	for (w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		assert_true(t->n < TOKENS);
		t->v[t->n++] = strdup(w);
	}
	free(copy);
}

static void addf(struct list *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void addf(struct list *t, const char *fmt, ...)
{
	char words[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	add(t, words);
}

static void drop(struct list *t)
{
	while (t->n)
		free(t->v[--t->n]);
}

static void end_item(struct list *t) { add(t, "\n"); }

/* A linux role has one vCPU, and no right that would bring interrupts of the host: roles 0 and 1 may have those. */
static void realm(struct list *t, unsigned int r)
{
	const bool os = r > 1 && chance(25);
	const char *const more[] = { "memory 32MiB", os ? "restart" : "vcpus 4", os ? "linux" : "native", os ? ";" : "restart" };
	unsigned int first = pick(4);

	addf(t, "realm %s%u {", r % 3 ? "role" : "long_named_role", r);
	for (unsigned int k = 0; k < first; k++) {
		add(t, more[k]);
		end_item(t);
	}
	if (chance(50))
		add(t, "image any");
	else
		addf(t, "measurement sha256:%064x", r + 1);
	end_item(t);
	for (unsigned int k = first; k < 4; k++)
		if (chance(30)) {
			add(t, more[k]);
			end_item(t);
		}
	add(t, "}");
	end_item(t);
}

static const char *role(unsigned int r)
{
	static char name[4][32];
	static unsigned int turn;
	char *s = name[turn++ % 4];

	snprintf(s, 32, "%s%u", r % 3 ? "role" : "long_named_role", r);
	return s;
}

static void channel(struct list *t, unsigned int c, unsigned int roles)
{
	static const char *const attributes[] = { "", "( signal )", "( signal , keep )", "( ack )", "( ack , signal )", "( keep , ack )" };
	unsigned int a = pick(roles), b = (a + 1) % roles, d = (a + 2) % roles;
	bool two_way;

	addf(t, "channel c%u %s", c, chance(50) ? "4KiB" : "SMALL");
	two_way = chance(30);
	if (roles > 3 && chance(40))
		addf(t, "{ %s , %s } %s { %s , %s }", role(a), role((a + 3) % roles), two_way ? "<->" : "->", role(b), role(d));
	else
		addf(t, "%s %s %s", role(a), two_way ? "<->" : "->", role(b));
	add(t, attributes[pick(two_way ? 3 : 6)]);
	end_item(t);
}

static void claim(struct list *t, unsigned int roles, unsigned int channels)
{
	unsigned int a = pick(roles);

	if (channels && chance(30))
		addf(t, "never c%u ~> %s", pick(channels), role(a));
	else
		addf(t, "%s %s ~> %s", chance(50) ? "never" : "must", role(a), role((a + 1) % roles));
	end_item(t);
}

/* Roles 0 and 1 share their rights; the devices lie beside, between and after the windows. Vcpus: as many as are served. */
static void rights(struct list *t)
{
	unsigned int device = pick(4), intids = pick(3);
	static const char *const devices[] = { "", ", mmio regs 8KiB", ", mmio regs SMALL at 0x4000010000",
					       ", mmio fifo 2MiB , mmio regs 4KiB at 0x4000200000 , mmio late 4KiB" };
	static const char *const numbers[] = { "", ", interrupts ( 41 , 40 , 32 )", ", interrupts ( 1019 )" };

	addf(t, chance(50) ? "control { %s , %s } {" : "control %s {", role(0), role(1));
	addf(t, "hostcall%s%s%s }", chance(50) ? " , audit" : "", devices[device], numbers[intids]);
	end_item(t);
}

/* A role serves one gate at most: who has vCPUs for more is not remembered. */
static void gates(struct list *t, unsigned int roles)
{
	static const char *const names[] = { "zulu", "m1", "alpha" };

	for (unsigned int n = pick(4), i = 0; i < n && i + 1 < roles; i++) {
		addf(t, "gate %s %s => %s ( args %u , results %u )", names[i], role(pick(roles - i - 1)), role(roles - i - 1), pick(9), pick(9));
		end_item(t);
	}
}

static void policy(struct list *t)
{
	unsigned int roles = 2 + pick(12), channels = pick(8);

	add(t, "workflow random {");
	add(t, "const SMALL = 8KiB");
	end_item(t);
	for (unsigned int r = 0; r < roles; r++)
		realm(t, r);
	for (unsigned int c = 0; c < channels; c++)
		channel(t, c, roles);
	for (unsigned int w = pick(3); w > 0; w--) {
		addf(t, "window w%u 64KiB %s", w, chance(50) ? "host ->" : "host <->");
		addf(t, "%s", role(pick(roles)));
		end_item(t);
	}
	if (chance(50))
		rights(t);
	gates(t, roles);
	if (chance(50)) {
		addf(t, "set many = {");
		for (unsigned int r = 0; r < roles; r++)
			addf(t, "%s%s", r ? ", " : "", role(r));
		add(t, "}");
		end_item(t);
	}
	for (unsigned int n = pick(4); n > 0; n--)
		claim(t, roles, channels);
	add(t, "}");
}

/* The workflow ID of text, or false: it is refused. A copy of the blob, if asked for. */
static bool build(const char *text, size_t size, uint8_t id[32], uint8_t **blob, size_t *blob_size)
{
	int fd = memfd_create("policy", 0);
	const char *why;
	struct policy p;
	struct built b;
	char path[64];
	bool ok = false;

	assert_true(fd >= 0 && write(fd, text, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (policy_open(&p, path, &why) != 2 && p.sound) {
		p.diags.errors = 0;	/* violated claims: they are not what is built */
		ok = policy_build(&p, false, NULL, 0, &b) == 0;
	}
	if (ok)
		memcpy(id, b.workflow_id, 32);
	if (ok && blob) {
		*blob = malloc(b.blob_size);
		*blob_size = b.blob_size;
		memcpy(*blob, b.blob, b.blob_size);
	}
	policy_close(&p);
	close(fd);
	return ok;
}

#endif
