/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled policies and components: those of examples/redact, and the same over host memory. */
	.macro	image name, file
	.section .rodata.\name, "a"
	.balign	4096
	.global	\name, \name\()_end
\name:
	.incbin	"\file"
\name\()_end:
	.endm

	image	channel_blob, "redact.blob"
	image	channel_ingest, "examples/redact/ingest.bin"
	image	channel_redactor, "examples/redact/redactor.bin"
	image	channel_pass, "channel/pass.bin"
	image	channel_sink, "examples/redact/sink.bin"
	image	host_blob, "pipe.blob"
	image	host_ingest, "ingest.bin"
	image	host_redactor, "redactor.bin"
	image	host_pass, "pass.bin"
	image	host_sink, "sink.bin"
	.section .note.GNU-stack, "", %progbits
