#include "carve/state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/replace.h"
#include "base/text.h"

#define NAME    "carve.state"
#define LARGEST ((size_t)4 << 20)

/* The numbers of a tally, in a row. */
#define TALLY_NUMBERS (sizeof(struct lf_tally) / sizeof(uint64_t))
_Static_assert(sizeof(struct lf_tally) % sizeof(uint64_t) == 0, "a tally is numbers");

/* ---- Writing ---- */

static void
put_tally(struct lf_buf *out, const struct lf_tally *t)
{
	uint64_t n[TALLY_NUMBERS];

	memcpy(n, t, sizeof(n));
	for (size_t i = 0; i < TALLY_NUMBERS; i++)
		lf_buf_printf(out, "%s%llu", i == 0 ? "[" : ",", (unsigned long long)n[i]);
	lf_buf_putc(out, ']');
}

static void
put(struct lf_buf *out, const unsigned char identity[LF_SHA256_LEN], const struct lf_carve_place *p)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(identity, LF_SHA256_LEN, hex);
	lf_buf_printf(out, "{\"schema\":1,\"run\":\"%s\",\"image\":%u,\"place\":[%llu,%llu,%llu,%llu],", hex, p->image,
	    (unsigned long long)p->at.settled, (unsigned long long)p->at.reached,
	    (unsigned long long)p->at.binary_cover, (unsigned long long)p->at.cover);
	lf_buf_printf(out, "\"work\":[%llu,%llu],\"written\":[%llu,%llu],\"tally\":", (unsigned long long)p->finds,
	    (unsigned long long)p->records, (unsigned long long)p->written[0], (unsigned long long)p->written[1]);
	put_tally(out, &p->at.tally);
	lf_buf_puts(out, ",\"over\":[");
	for (unsigned i = 0; i < p->image; i++) {
		lf_buf_puts(out, i == 0 ? "" : ",");
		put_tally(out, &p->over[i]);
	}
	lf_buf_puts(out, "]}\n");
}

int
lf_state_save(int folder, const unsigned char identity[LF_SHA256_LEN], const struct lf_carve_place *p,
    struct lf_err *err)
{
	struct lf_buf text = {0};
	int r;

	put(&text, identity, p);
	if (text.failed)
		r = lf_err_nomem(err);
	else if ((r = lf_replace_with(folder, NAME, 0600, true, text.data, text.len)) != 0)
		lf_err_sys(err, "cannot write " NAME);
	lf_buf_free(&text);
	return r;
}

/* ---- Reading ---- */

static bool
get_numbers(const json_t *array, uint64_t *out, size_t n)
{
	if (!json_is_array(array) || json_array_size(array) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const json_t *v = json_array_get(array, i);

		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return false;
		out[i] = (uint64_t)json_integer_value(v);
	}
	return true;
}

static bool
get_tally(const json_t *array, struct lf_tally *t)
{
	uint64_t n[TALLY_NUMBERS];

	if (!get_numbers(array, n, TALLY_NUMBERS))
		return false;
	memcpy(t, n, sizeof(n));
	return true;
}

static bool
get(const json_t *o, struct lf_carve_place *out)
{
	const json_t *over = json_object_get(o, "over");
	uint64_t place[4], work[2], image;

	if (!json_is_integer(json_object_get(o, "schema")) || json_integer_value(json_object_get(o, "schema")) != 1)
		return false;
	image = (uint64_t)json_integer_value(json_object_get(o, "image"));
	if (image >= LF_STATE_IMAGES || !json_is_array(over) || json_array_size(over) != image ||
	    !get_numbers(json_object_get(o, "place"), place, 4) || !get_numbers(json_object_get(o, "work"), work, 2) ||
	    !get_numbers(json_object_get(o, "written"), out->written, 2) ||
	    !get_tally(json_object_get(o, "tally"), &out->at.tally))
		return false;
	for (size_t i = 0; i < image; i++)
		if (!get_tally(json_array_get(over, i), &out->over[i]))
			return false;
	out->image = (unsigned)image;
	out->at.settled = place[0];
	out->at.reached = place[1];
	out->at.binary_cover = place[2];
	out->at.cover = place[3];
	out->finds = work[0];
	out->records = work[1];
	return true;
}

/* The text of the state; 0 without one. */
static int
read_state(int folder, struct lf_buf *text, struct lf_err *err)
{
	int fd = openat(folder, NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r;

	if (fd < 0)
		return errno == ENOENT ? 0 : lf_err_sys(err, "cannot open " NAME);
	r = lf_file_read_all(fd, LARGEST, text);
	if (r < 0)
		lf_err_sys(err, "cannot read " NAME);
	close(fd);
	return r < 0 ? -1 : 1;
}

int
lf_state_load(int folder, const unsigned char identity[LF_SHA256_LEN], struct lf_carve_place *out, struct lf_err *err)
{
	struct lf_buf text = {0};
	char hex[2 * LF_SHA256_LEN + 1];
	const char *run;
	json_t *o;
	int r = read_state(folder, &text, err);

	if (r <= 0)
		goto out;
	lf_hex_encode(identity, LF_SHA256_LEN, hex);
	o = lf_json_read(text.data, text.len, NULL, err);
	run = o == NULL ? NULL : lf_json_string(o, "run");
	if (run == NULL)
		r = lf_err_set(err, NAME " is no state of a run");
	else if (strcmp(run, hex) != 0)
		r = lf_err_set(err, NAME " is of another run: images, options and version must be those that it began with");
	else if (!get(o, out))
		r = lf_err_set(err, NAME " is damaged");
	json_decref(o);
out:
	lf_buf_free(&text);
	return r;
}

int
lf_state_drop(int folder, struct lf_err *err)
{
	if (unlinkat(folder, NAME, 0) < 0 && errno != ENOENT)
		return lf_err_sys(err, "cannot remove " NAME);
	return 0;
}
