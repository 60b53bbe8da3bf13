/* An archive of any bytes: caps hold, names stay inside, and it is the same each time. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/index.h"
#include "evidence/archive.h"
#include "fuzz.h"

static const struct lf_limits limits = {.max_object = (uint64_t)1 << 20, .max_total = (uint64_t)4 << 20};

/* Reads all entries; returns a sum over them. */
static uint64_t
read_all(int fd)
{
	uint64_t sum = 0, total = 0;
	struct lf_archive *a;
	struct lf_item item;
	struct lf_err err;
	int rc;

	HOLDS(lseek(fd, 0, SEEK_SET) == 0);
	HOLDS(lf_archive_open(fd, &a, &err) == 0);
	if (a == NULL)
		return 0;
	HOLDS(lf_archive_format(a) != NULL);
	lf_item_init(&item);
	while ((rc = lf_archive_next(a, &limits, &item, &err)) == 1) {
		HOLDS(item.read || item.problem.len > 0);
		HOLDS(item.path.len > 0 || item.problem.len > 0);
		HOLDS(item.path.len <= LF_MAX_PATH && item.stored.len <= limits.max_object);
		HOLDS(item.path.len < 2 || memcmp(item.path.data, "./", 2) != 0);
		total += item.stored.len;
		sum = sum * 31 + lf_index_hash(lf_buf_str(&item.path), item.path.len) + item.stored.len + (item.problem.len << 32);
	}
	HOLDS(rc == 0 && total <= limits.max_total);
	lf_item_free(&item);
	lf_archive_free(a);
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);
	uint64_t once;

	HOLDS(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	once = read_all(fd);
	HOLDS(read_all(fd) == once);
	close(fd);
	return 0;
}
