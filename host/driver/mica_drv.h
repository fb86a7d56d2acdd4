/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Inside of the mica driver: what an open file owns, and who may touch it.
 *
 * A file (struct mica_ctx) owns memory, Realms, RECs and workflows. Everything in it is guarded
 * by ctx->lock; a running REC is marked busy under the lock and then runs without it. Objects
 * mirror only what teardown needs; the monitor is the authority on their state.
 */
#ifndef MICA_DRV_H
#define MICA_DRV_H

#include <linux/arm-smccc.h>
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "../../abi/mica_ioctl.h"
#include "../../abi/rmi.h"

#define MICA_RMI_ARGS	5		/* X1..X5 */

/* Physically contiguous pages. Those of GRANULES have a bit each: set while delegated. */
struct mica_mem {
	struct list_head node;
	enum mica_mem_kind kind;
	struct page *first;
	phys_addr_t pa;
	u64 pages;
	unsigned long *delegated;
};

struct mica_wf {
	struct list_head node;
	phys_addr_t pa;
	struct xarray channels;		/* channel -> pages added */
};

struct mica_realm {
	struct list_head node;
	phys_addr_t rd;
	unsigned int vmid;
	u8 s2sz;
	int start_level;
	struct xarray grants;		/* grant -> pages from its start that may be mapped */
};

struct mica_rec {
	struct list_head node;
	phys_addr_t pa;
	struct mica_realm *realm;
	bool busy;			/* a thread of this file is inside MICA_IOC_RUN */
};

struct mica_ctx {
	struct mutex lock;
	struct list_head mems;
	struct list_head wfs;
	struct list_head realms;
	struct list_head recs;
	u64 delegated;			/* granules of this file */
	void *params;			/* kernel's copy of the parameter page of one call */
	struct mica_mem *spare;		/* two granules that teardown splits the first block with */
	phys_addr_t reuse;		/* last data granule teardown freed: splits the next */
};

/* One RMI call in progress: registers, and the object a creating call will leave behind. */
struct mica_call {
	struct mica_ctx *ctx;
	u64 x[MICA_RMI_ARGS + 1];	/* in: FID, X1..X5; out: X0..X4 */
	u64 in[MICA_RMI_ARGS + 1];	/* the arguments as the monitor got them */
	struct mica_wf *wf;
	struct mica_realm *realm;
	struct mica_rec *rec;
	void *made;			/* prepared by the row's `before`, owned by it until `after` */
};

/* rmi.c */
void mica_smc(u64 x[MICA_RMI_ARGS + 1]);
u64 mica_smc5(u64 fid, u64 x1, u64 x2, u64 x3, u64 x4, u64 x5, u64 out[4]);
int mica_call(struct mica_ctx *ctx, struct mica_rmi_call *call);
int mica_delegate(struct mica_ctx *ctx, phys_addr_t pa);
int mica_undelegate(struct mica_ctx *ctx, phys_addr_t pa);
u64 mica_delegated_total(void);

/*
 * table.c: the calls a file may make. An argument of a kind other than VALUE is checked against
 * what the file owns before the monitor sees it.
 */
enum mica_arg {
	ARG_ZERO = 0,
	ARG_VALUE,
	ARG_GRANULE,			/* page of GRANULES */
	ARG_PAGE,			/* page of SHARED */
	ARG_DESC,			/* output address in SHARED; the argument before is its level */
	ARG_RD, ARG_REC, ARG_WF,	/* an object of this file */
	ARG_REALM_PARAMS, ARG_REC_PARAMS, ARG_WF_PARAMS, /* page of SHARED, copied and checked */
};

struct mica_row {
	u32 fid;
	u32 op;				/* of SMC_RMI_MICA */
	u8 args[MICA_RMI_ARGS];		/* enum mica_arg of X1..X5 */
	/* May refuse with a negative errno; whatever it prepares goes to call->made. */
	int (*before)(struct mica_call *call);
	/* The monitor answered; record it if it succeeded, else free call->made. */
	void (*after)(struct mica_call *call, bool success);
};

const struct mica_row *mica_row(u64 fid, u64 op);

/* objects.c: the bookkeeping behind the rows. All under ctx->lock. */
struct mica_wf *mica_find_wf(struct mica_ctx *ctx, u64 pa);
struct mica_realm *mica_find_realm(struct mica_ctx *ctx, u64 rd);
struct mica_rec *mica_find_rec(struct mica_ctx *ctx, u64 pa);
int mica_take_realm_params(struct mica_call *call, void *page);
int mica_take_rec_params(struct mica_call *call, void *page);
int mica_take_wf_params(struct mica_call *call, void *page);
void mica_after_delegate(struct mica_call *call, bool success);
void mica_after_undelegate(struct mica_call *call, bool success);
int mica_before_realm_create(struct mica_call *call);
void mica_after_realm_create(struct mica_call *call, bool success);
void mica_after_realm_destroy(struct mica_call *call, bool success);
int mica_before_rec_create(struct mica_call *call);
void mica_after_rec_create(struct mica_call *call, bool success);
int mica_before_rec_destroy(struct mica_call *call);
void mica_after_rec_destroy(struct mica_call *call, bool success);
int mica_before_wf_create(struct mica_call *call);
void mica_after_wf_create(struct mica_call *call, bool success);
void mica_after_wf_destroy(struct mica_call *call, bool success);
int mica_before_chan_add(struct mica_call *call);
void mica_after_chan_add(struct mica_call *call, bool success);
void mica_after_chan_remove(struct mica_call *call, bool success);
int mica_before_chan_map(struct mica_call *call);
void mica_after_chan_map(struct mica_call *call, bool success);
void mica_forget_realm(struct mica_realm *realm);
void mica_forget_wf(struct mica_wf *wf);

/* mem.c */
struct mica_mem *mica_mem_alloc(struct mica_ctx *ctx, enum mica_mem_kind kind, u64 size,
				u64 align);
/* The memory of this kind that holds all of [pa, pa + size); NULL if none does. */
struct mica_mem *mica_mem_find(struct mica_ctx *ctx, enum mica_mem_kind kind, u64 pa, u64 size);
void *mica_mem_page(struct mica_mem *mem, u64 pa);
int mica_mem_mmap(struct mica_ctx *ctx, struct vm_area_struct *vma);
/* Gives everything back but granules that are still delegated: those are lost, and said so. */
void mica_mem_release(struct mica_ctx *ctx);

/* run.c */
int mica_run(struct mica_ctx *ctx, struct mica_ioc_run *run);

/* teardown.c */
void mica_teardown(struct mica_ctx *ctx);

#endif
