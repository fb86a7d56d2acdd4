/* SPDX-License-Identifier: Apache-2.0 */
/* Choices, and the pages, Realms and addresses chosen. */
#include "wf.h"

static struct stream stream;
struct pool pool;
bool workflows;

void stream_use(const struct stream *s)
{
	stream = *s;
}

static unsigned int next_byte(void)
{
	return stream.at < stream.size ? stream.data[stream.at++] : 0;
}

unsigned int draw(unsigned int n)
{
	uint64_t z;

	if (stream.data != NULL)
		return (n <= 256 ? next_byte() : next_byte() | next_byte() << 8) % n;
	z = stream.seed += 0x9e3779b97f4a7c15UL;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebUL;
	return (unsigned int)((z ^ z >> 31) >> 32) % n;
}

uint64_t draw_any(void)
{
	uint64_t v = draw(256);

	return one_in(4) ? v << 8 * draw(8) : v;
}

bool stream_ended(void)
{
	return stream.data != NULL && stream.at >= stream.size;
}

/* ---- pages ---- */

static uint64_t pool_page(unsigned int i)
{
	return pool.base + i * M_PAGE;
}

static uint64_t odd_page(void)
{
	switch (draw(6)) {
	case 0:
		return 0;
	case 1:
		return pool_page(draw(pool.pages)) + 1 + draw(255);
	case 2:
		return model.hole;
	case 3:
		return model.bank + model.pages * M_PAGE;
	case 4:
		return draw_any() << 32 | draw_any() << 12;
	default:
		return pool_page(draw(pool.pages));
	}
}

uint64_t pick_page(enum m_state want)
{
	unsigned int first = draw(pool.pages);

	if (one_in(24))
		return odd_page();
	for (unsigned int i = 0; i < pool.pages; i++)
		if (m_is(&model, pool_page((first + i) % pool.pages), want))
			return pool_page((first + i) % pool.pages);
	return odd_page();
}

uint64_t pick_host_page(void)
{
	return one_in(32) ? odd_page() : HOST_BASE + draw(HOST_PAGES) * M_PAGE;
}

bool own_pages(unsigned int n, unsigned int align, uint64_t *pa)
{
	unsigned int slots = pool.pages / align, first = draw(slots);

	for (unsigned int i = 0; i < slots; i++) {
		unsigned int at = (first + i) % slots * align, k;

		for (k = 0; k < n && at + k < pool.pages; k++)
			if (!m_is(&model, pool_page(at + k), M_NS) && !m_is(&model, pool_page(at + k), M_DELEGATED))
				break;
		if (k < n)
			continue;
		*pa = pool_page(at);
		for (k = 0; k < n; k++)
			if (m_is(&model, *pa + k * M_PAGE, M_NS) &&
			    call_now(SMC_RMI_GRANULE_DELEGATE, *pa + k * M_PAGE, 0, 0, 0, 0) != RMI_SUCCESS)
				return false;
		return true;
	}
	return false;
}

/* ---- Realms ---- */

static struct { bool on; unsigned int realm, rec; uint64_t ipa; } focus;

void focus_on(bool on)
{
	focus.on = on;
	focus.realm = draw(pool.realms);
	focus.rec = draw(pool.recs);
	focus.ipa = draw(2) * m_size(1) + draw(2) * m_size(2) + draw(2) * m_size(3);
}

static unsigned int from(unsigned int focused, unsigned int n)
{
	return focus.on && !one_in(6) ? focused : draw(n);
}

uint64_t pick_rd(struct m_realm **r)
{
	unsigned int first = from(focus.realm, pool.realms);

	*r = NULL;
	for (unsigned int i = 0; i < pool.realms && *r == NULL; i++)
		if (model.realm[(first + i) % pool.realms].used)
			*r = &model.realm[(first + i) % pool.realms];
	return *r == NULL || one_in(32) ? odd_page() : (*r)->rd;
}

struct m_rec *pick_rec(void)
{
	unsigned int first = from(focus.rec, pool.recs);

	for (unsigned int i = 0; i < pool.recs; i++)
		if (model.rec[(first + i) % pool.recs].used)
			return &model.rec[(first + i) % pool.recs];
	return NULL;
}

/* Few addresses, so that calls meet: two of 1 GiB, three of 2 MiB, four of 4 KiB, in each half. */
uint64_t pick_ipa(const struct m_realm *r, int level)
{
	static const uint64_t two_mib[] = { 0, 1, 511 }, page[] = { 0, 1, 2, 511 };
	uint64_t half = r != NULL ? m_par(r) : 1UL << 31, a;

	a = draw(2) * m_size(1) + two_mib[draw(3)] * m_size(2) + page[draw(4)] * m_size(3);
	if (focus.on && !one_in(4))
		a = focus.ipa;
	if (one_in(3))
		a += half;
	if (r != NULL && r->wf != M_NONE && !one_in(4))
		a = policy_ipa(r);
	if (level >= 0 && level <= 3)
		a &= ~(m_size(level) - 1);
	if (!one_in(32))
		return a;
	switch (draw(4)) {
	case 0:
		return half - m_size(3);
	case 1:
		return 2 * half;
	case 2:
		return a + 1 + draw(255);
	default:
		return a + (draw_any() << 32);
	}
}
