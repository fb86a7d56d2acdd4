/* SPDX-License-Identifier: Apache-2.0 */
/* For realm/ring.c in the kernel. */
#include <linux/errno.h>
