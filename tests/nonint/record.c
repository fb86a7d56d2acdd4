/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recorder: takes the place of the SMC in tests/bare's harness and writes down all that the host could read afterwards. It takes as long
 * for any contents, so that times in one transcript differ from those in another only if the machine's do.
 */
#include "nonint.h"

#include "../bare/gic.h"
#include "sysregs.h"
#include "watch.h"

void __real_rmi_smc(uint64_t regs[8]);
void __wrap_rmi_smc(uint64_t regs[8]);
void smc_watch(struct watch *w);
void vectors_set(void);
uint64_t vector_bytes(void);
extern const uint8_t watch_vectors[];
extern volatile uint64_t watch_faults;

uint64_t record_irq_after;

static bool recording;
static struct log *const header = (struct log *)LOG_BASE;
static uint8_t *at;
static struct event *event;
static uint64_t pool_top;

#define PAGES 8
static struct { uint64_t pa; const char *name; } shown[PAGES];
static unsigned int n_shown;

/* ---- sections ---- */

static void *section(enum section tag, uint64_t bytes)
{
	uint64_t *s = (uint64_t *)at;

	bytes = (bytes + 7) & ~7UL;
	EXPECT(at + 16 + bytes < (uint8_t *)LOG_END);
	s[0] = tag;
	s[1] = bytes;
	at += 16 + bytes;
	return s + 2;
}

static void words(uint64_t *to, const volatile uint64_t *from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		to[i] = from[i];
}

static void begin(const char *name, uint64_t arg)
{
	event = (struct event *)at;
	memset(event, 0, sizeof(*event));
	for (unsigned int i = 0; i < sizeof(event->name) - 1 && name[i] != '\0'; i++)
		event->name[i] = name[i];
	event->arg = arg;
	at += sizeof(*event);
}

static void end(void)
{
	event->bytes = (uint64_t)(at - (uint8_t *)(event + 1));
	header->events++;
	header->end = (uint64_t)(at - (uint8_t *)LOG_BASE);
}

/* ---- system registers ---- */

static uint32_t code[2 * 1024] __attribute__((aligned(64)));
static uint16_t times[32];
static unsigned int n_times;
static uint64_t time_base[32], counter_base;	/* boot takes a time of its own */

static uint64_t run_stub(unsigned int i, uint64_t x0)
{
	return ((uint64_t (*)(uint64_t))(uintptr_t)&code[2 * i])(x0);
}

static void build(unsigned int i, unsigned int r)
{
	code[2 * i] = INSN_MRS | r << 5;
	code[2 * i + 1] = INSN_RET;
}

static void built(void)
{
	for (unsigned int i = 0; i < sizeof(code); i += 64)
		__asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0" : : "r"((uint8_t *)code + i) : "memory");
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

static bool readable(unsigned int i)
{
	uint64_t before = watch_faults;

	run_stub(i, 0);
	return watch_faults == before;
}

static void classify(unsigned int r, unsigned int i)
{
	if (!readable(i))
		return;
	if (sysreg_is_time(r)) {
		EXPECT(n_times < sizeof(times) / sizeof(times[0]));
		times[n_times++] = (uint16_t)r;
	} else {
		EXPECT(header->sysregs + 32 < sizeof(header->sysreg) / sizeof(header->sysreg[0]));
		header->sysreg[header->sysregs++] = (uint16_t)r;
	}
}

/* Which there are, once; then one stub each, the times last. */
static void find_registers(void)
{
	uint64_t vbar;

	__asm__ volatile("mrs %0, vbar_el2\n\tmsr vbar_el2, %1\n\tisb" : "=&r"(vbar) : "r"(watch_vectors));
	for (unsigned int first = 0; first < SYSREGS; first += 1024) {
		for (unsigned int i = 0; i < 1024; i++)
			build(i, first + i);
		built();
		for (unsigned int i = 0; i < 1024; i++)
			if (!sysreg_read_acts(first + i) && !sysreg_is_difference(first + i))
				classify(first + i, i);
	}
	__asm__ volatile("msr vbar_el2, %0\n\tisb" : : "r"(vbar));
	for (unsigned int i = 0; i < header->sysregs; i++)
		build(i, header->sysreg[i]);
	for (unsigned int i = 0; i < n_times; i++)
		build((unsigned int)header->sysregs + i, times[i]);
	built();
}

static void put_sysregs(void)
{
	uint64_t *s = section(SEC_SYSREGS, header->sysregs * 8);

	for (unsigned int i = 0; i < header->sysregs; i++)
		s[i] = run_stub(i, 0);
}

static void put_times(const struct watch *w)
{
	uint64_t *s = section(SEC_TIME, (2 + n_times) * 8);

	s[0] = w->before - counter_base;
	s[1] = w->after - counter_base;
	for (unsigned int i = 0; i < n_times; i++)
		s[2 + i] = run_stub((unsigned int)header->sysregs + i, 0) - time_base[i];
}

/* Cycles, and an event that a Realm could make happen: software increment. */
static void count_everything(void)
{
	__asm__ volatile("msr pmevtyper0_el0, xzr\n\tmsr pmcntenset_el0, %0\n\tmsr pmcr_el0, %1\n\tisb"
			 : : "r"(1UL << 31 | 1), "r"(0x47UL));
}

static void start_times(void)
{
	counter_base = counter();
	__asm__ volatile("msr cnthp_cval_el2, %0\n\tisb" : : "r"(counter_base));
	for (unsigned int i = 0; i < n_times; i++)
		time_base[i] = run_stub((unsigned int)header->sysregs + i, 0);
}

static void put_gic(void)
{
	static const uint64_t regs[] = { 0x08000200, 0x08000204, 0x08000208, 0x08000300, 0x08000304, 0x080b0200, 0x080b0300, 0x080a0014 };
	uint64_t *s = section(SEC_GIC, sizeof(regs));

	for (unsigned int i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		s[i] = *(volatile uint32_t *)regs[i];
}

/* ---- memory ---- */

static void put_page(uint64_t pa, const char *name)
{
	uint8_t *s = section(SEC_PAGE, PAGE_NAME + PAGE);

	memset(s, 0, PAGE_NAME);
	for (unsigned int i = 0; i < PAGE_NAME - 1 && name[i] != '\0'; i++)
		s[i] = (uint8_t)name[i];
	words((uint64_t *)(s + PAGE_NAME), page_ptr(pa), PAGE / 8);
}

static uint64_t digest(const volatile uint64_t *p)
{
	uint64_t h = 1;

	for (unsigned int i = 0; i < PAGE / 8; i++) {
		h = (h ^ p[i]) * 0x9e3779b97f4a7c15UL;
		h ^= h >> 29;
	}
	return h | 1;
}

/* ---- a call ---- */

static void pages_of_call(const uint64_t regs[8])
{
	if (regs[0] != SMC_RMI_REC_ENTER)
		return;
	words(section(SEC_EXIT, sizeof(struct rmi_rec_exit)), page_ptr(regs[2] + sizeof(struct rmi_rec_enter)),
	      sizeof(struct rmi_rec_exit) / 8);
	for (unsigned int i = 0; i < n_shown; i++)
		put_page(shown[i].pa, shown[i].name);
}

static const char *name_of(const uint64_t regs[8])
{
	static const char *const names[] = { "VERSION", "DELEGATE", "UNDELEGATE", "DATA_CREATE", "DATA_CREATE_UNKNOWN", "DATA_DESTROY", "?",
		"REALM_ACTIVATE", "REALM_CREATE", "REALM_DESTROY", "REC_CREATE", "REC_DESTROY", "REC_ENTER", "RTT_CREATE", "RTT_DESTROY",
		"MAP_UNPROTECTED", "?", "READ_ENTRY", "?", "UNMAP_UNPROTECTED", "PSCI_COMPLETE", "FEATURES", "RTT_FOLD", "REC_AUX_COUNT",
		"INIT_RIPAS", "SET_RIPAS" };

	if (regs[0] == SMC_RMI_MICA)
		return "MICA";
	return regs[0] - SMC_RMI_BASE < sizeof(names) / sizeof(names[0]) ? names[regs[0] - SMC_RMI_BASE] : "SMC";
}

static void arm(const uint64_t regs[8])
{
	if (regs[0] != SMC_RMI_REC_ENTER || record_irq_after == 0)
		return;
	__asm__ volatile("msr cnthp_cval_el2, %0\n\tmsr cnthp_ctl_el2, %1\n\tisb"
			 : : "r"(counter() + record_irq_after), "r"(1UL));
}

void __wrap_rmi_smc(uint64_t regs[8])
{
	static struct watch w;
	uint64_t *s;

	if (!recording) {
		__real_rmi_smc(regs);
		return;
	}
	begin(name_of(regs), regs[0] == SMC_RMI_MICA ? regs[1] : regs[1] - POOL_BASE);
	words(w.x, regs, 8);
	arm(regs);
	smc_watch(&w);
	s = section(SEC_GPRS, 33 * 8);
	words(s, w.x, 31);
	s[31] = w.nzcv;
	s[32] = w.stored;
	words(section(SEC_VECTORS, 16 + 32 * vector_bytes() + 17 * vector_bytes() / 8), &w.fpcr,
	      2 + 4 * vector_bytes() + (17 * vector_bytes() / 8 + 7) / 8);
	put_sysregs();
	put_gic();
	pages_of_call(regs);
	put_times(&w);
	el2_timer_stop();
	words(regs, w.x, 8);
	end();
}

/* ---- what is recorded beside calls ---- */

void record_page(uint64_t pa, const char *name)
{
	EXPECT(n_shown < PAGES);
	shown[n_shown].pa = pa;
	shown[n_shown++].name = name;
}

void record_sweep(const char *name)
{
	uint64_t n, *s;

	pool_top = page_alloc(1, PAGE);
	n = (pool_top - POOL_BASE) / PAGE;
	begin(name, 0);
	s = section(SEC_SWEEP, n * 8);
	for (uint64_t i = 0; i < n; i++)
		s[i] = host_can_read(page_ptr(POOL_BASE + i * PAGE)) ? digest(page_ptr(POOL_BASE + i * PAGE)) : 0;
	end();
}

static void probe(uint8_t *map, uint64_t from, uint64_t to)
{
	for (uint64_t pa = from; pa < to; pa += PAGE)
		map[(pa - DRAM_BASE) / PAGE] = host_can_read(page_ptr(pa)) ? MAP_READABLE : MAP_FAULTS;
}

/* Firmware, all that ever was a Realm's, the end of DRAM. The rest is not asked: nobody but the host ever had it. */
static void put_map(void)
{
	uint8_t *s;

	begin("granules", 0);
	s = section(SEC_MAP, DRAM_SIZE / PAGE);
	memset(s, MAP_NOT_ASKED, DRAM_SIZE / PAGE);
	probe(s, DRAM_BASE, HOST_BASE);
	probe(s, POOL_BASE, pool_top);
	probe(s, DRAM_BASE + DRAM_SIZE - (64UL << 20), DRAM_BASE + DRAM_SIZE);
	end();
}

void record_start(void)
{
	memset(header, 0, sizeof(*header));
	header->magic = LOG_MAGIC;
	at = (uint8_t *)(header + 1);
	gic_enable(PPI_EL2_TIMER);
	find_registers();
	vectors_set();
	count_everything();
	start_times();
	recording = true;
}

void record_end(void)
{
	recording = false;
	put_map();
	header->complete = bare_failed == 0;
}
