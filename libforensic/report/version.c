#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/sandbox.h"
#include "evidence/archive.h"
#include "evidence/gzip.h"
#include "record/classify.h"

/* The instruction sets for which this processor has kernels here or in the libraries that do the work. */
static void
cpu(struct lf_buf *out)
{
	lf_buf_puts(out, "processor:");
#if defined(__x86_64__) && !defined(LF_PORTABLE)
	__builtin_cpu_init();
	lf_buf_puts(out, __builtin_cpu_supports("avx2") ? " AVX2" : " SSE2");
	lf_buf_puts(out, __builtin_cpu_supports("pclmul") ? " PCLMUL" : "");
#else
	lf_buf_puts(out, " portable code");
#endif
	lf_buf_putc(out, '\n');
}

size_t
lf_version_text(char *out, size_t cap)
{
	static void (*const libraries[])(struct lf_buf *) = {lf_hash_library, lf_archive_library, lf_json_library,
	    lf_magic_library, lf_gzip_library, lf_sandbox_library};
	struct lf_buf text;
	size_t len;

	lf_buf_init(&text);
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		lf_buf_puts(&text, i == 0 ? "libraries: " : ", ");
		libraries[i](&text);
	}
	lf_buf_putc(&text, '\n');
	cpu(&text);
	len = text.failed ? 0 : text.len;
	if (cap > 0) {
		size_t n = len < cap ? len : cap - 1;
		memcpy(out, lf_buf_str(&text), n);
		out[n] = '\0';
	}
	lf_buf_free(&text);
	return len;
}
