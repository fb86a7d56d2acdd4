/* SPDX-License-Identifier: Apache-2.0 */
/* Between the host of the non-interference runs and its Realms: roles, where things lie, what is reported. */
#ifndef NONINT_REALM_ABI_H
#define NONINT_REALM_ABI_H

/* X0 of a Realm. The roles of the workflow first, by their index in the policy: ascending by name. */
#define ROLE_ALPHA	0	/* confined: gets the secret, tries to leak it, calls vault */
#define ROLE_KEEPER	1	/* confined: gets the secret, is reset and started again */
#define ROLE_ORIGIN	2	/* a window in: makes the secret of the seed page */
#define ROLE_OUTSIDER	3	/* a window both ways, no edge to the others: shows all that it can read */
#define ROLE_TELLER	4	/* a window out: tells how many attempts there were, and how many ended otherwise than they should */
#define ROLE_VAULT	5	/* confined: serves alpha's gate */
#define ROLES		6
#define REALM_SENDER	16	/* + channel: a sender of tests/nonint/residual.c */
#define REALM_SENDERS	16

/* X0 bits above the role. */
#define ARG_ROLE(x)	((x) & 0xff)
#define ARG_VARIABLE	0x100	/* work between acts takes a time that depends on the secret, and so do some acts */
#define ARG_CODE_KIND	0x200	/* alpha codes a bit of the secret into the kind of its exits: what is left open on purpose */
#define ARG_SHORT	0x400	/* a control of something else: leave the registers alone, which takes long */

/* Address space of each Realm. */
#define IPA_BITS	40
#define UNPROT		(1UL << (IPA_BITS - 1))
#define AT_WINDOW	UNPROT			/* a page, if the role has one */
#define AT_DEVICE	(UNPROT + 0x2000)	/* a page, if the policy gives alpha a device */
#define AT_DELIVER	0x100000UL		/* alpha to keeper */
#define AT_KEPT		0x101000UL		/* keeper to teller */
#define AT_REPORT	0x102000UL		/* alpha to teller */
#define AT_SECRET	0x103000UL		/* origin to alpha */
#define AT_HOLE		0x180000UL

#define SECRET_WORDS	8

/* A bijection that scatters: no word of the secret is a word of the seed page. */
static inline unsigned long secret_word(unsigned long seed, unsigned int i)
{
	unsigned long z = seed + (i + 1) * 0x9e3779b97f4a7c15UL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebUL;
	return z ^ z >> 31;
}

/* What alpha and keeper report to teller, and teller's window shows: nothing of the secret. */
struct tally {
	unsigned long rounds;		/* last: written when the others are */
	unsigned long attempts;
	unsigned long unexpected;	/* of those */
	unsigned long first;		/* number of the first unexpected attempt */
	unsigned long got, want;	/* of that: shown to find out why */
	unsigned long had_secret;	/* 1: the words received are those of the seed's check word */
	unsigned long residue;		/* words that were not zero where a new life should find zero */
};
#define TELL_ALPHA	0		/* in the window, tallies one after the other */
#define TELL_KEEPER	1

#endif
