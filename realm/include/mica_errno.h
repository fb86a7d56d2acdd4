/* SPDX-License-Identifier: Apache-2.0 */
/* The error numbers libmica uses, with their usual values; the build machine's own if it has them. */
#ifndef MICA_ERRNO_H
#define MICA_ERRNO_H

#if __STDC_HOSTED__
#include <errno.h>
#else
#define ENOENT	2	/* the policy has no such channel or window */
#define EIO	5	/* the host's answer makes no sense */
#define EACCES	13	/* there, but not in this direction */
#define EBUSY	16	/* the gate's server serves another call */
#define EINVAL	22
#define EPIPE	32	/* the peer stopped before the end of the stream */
#define ENOSYS	38
#define ELOOP	40	/* the chain of calls is as long as it may be */
#define EPROTO	71	/* the peer broke the rules of the channel */
#endif

#endif
