/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole session of the VMM over the stand-in device with a workflow like examples/redact: two components that ask the host,
 * a confined one between them, channels and windows.
 */
#ifndef VMM_REDACT_H
#define VMM_REDACT_H

#include "../../abi/host_call.h"
#include "vmm_fake.h"
#include "vmm_port.h"

#define WINDOW_SIZE	(2 * PAGE)
#define CREDIT		(4 * WINDOW_SIZE)
enum { INGEST, REDACTOR, SINK };
enum { REGION_INPUT, REGION_OUTPUT };

struct redact_blob {
	struct mica_blob_header h;
	struct mica_blob_role role[3];
	struct mica_blob_channel channel[4];
	struct mica_blob_region region[2];
	struct mica_blob_grant grant[8];
};

struct redact_blob redact_blob(void);
extern const uint8_t redact_image[5000];

/* What the components do: how often each has run; wakes that the host drops; with what the last one ends. */
extern int redact_step[3];
extern bool redact_no_wakes;
extern uint64_t redact_sink_exit;
/* a REC's exit with a host call */
uint64_t redact_ask(struct rmi_rec_run *run, uint64_t imm, uint64_t a, uint64_t b);

/* Fresh port and components; the same, and the session. */
void redact_begin(void);
void redact_start(void);
/* The policy and an image for each role. */
void redact_send_policy(void);
/* From the start until RUN_ACTIVE, measurements compared. */
void redact_load(void);
/* From the challenge to RUN_BEGIN. */
void redact_attest(void);
/* Push `size` bytes through within the credit, in odd pieces; compare what comes back. */
void redact_stream(size_t size);
/* The next message but credit, which is counted; 0 at the end of the stream. */
uint32_t redact_get(void);
/* RUN_DONE, the end of the stream, and nothing is left behind. */
void redact_finish(void);
/* RUN_FAIL with this in its text, then RUN_DONE with nothing left. */
void redact_failed(const char *text);
/* After the last test. */
int redact_clean_up(void **state);

#endif
