// SPDX-License-Identifier: Apache-2.0
/* The same ring as native components have: one implementation, tested on the build machine. */
#include "../ring.c"
