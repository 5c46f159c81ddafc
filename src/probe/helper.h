/* helper.h: the helper's side of protocol.h, from its first word to its last. Private to the helper. */
#pragma once

/* Speaks over SOCKET until the other side closes it. Returns the exit code. */
int sp_helper_serve(int socket);
