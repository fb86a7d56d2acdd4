/* SPDX-License-Identifier: Apache-2.0 */
/* For realm/ring.h in the kernel. */
#include <linux/stddef.h>
