/* helper.h: the process that holds the right to load programs into the kernel, and nothing else. */
#pragma once

/* Serves one 'sallyport' over the socket at descriptor SP_PROBES_SOCKET until that closes. Returns what the
 * process ends with. */
int sp_probes_serve(void);
