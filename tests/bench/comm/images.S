/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled policy and the two components, as `mica build` and libmica's makefile made them. */
	.macro	image name, file
	.section .rodata.\name, "a"
	.balign	4096
	.global	\name, \name\()_end
\name:
	.incbin	"\file"
\name\()_end:
	.endm

	image	comm_blob, COMM_BLOB
	image	comm_producer, COMM_PRODUCER
	image	comm_consumer, COMM_CONSUMER
	.section .note.GNU-stack, "", %progbits
