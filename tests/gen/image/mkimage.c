/* Makes disk images with CloudTrail logs on them, and the answer key. */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"

static const char usage[] =
    "mkimage -o DIR [options] [FILE...]: a disk image with CloudTrail logs on it, and the answer "
    "key\n"
    "\n"
    "The same options give the same bytes. Files in DIR are overwritten.\n"
    "\n"
    "  --size N[K|M|G]     of image.raw (64M)\n"
    "  --seed N            another image of the same kind (1)\n"
    "  --mix R:T:Z         parts of random, text and zero extents of 64 KiB (40:30:30)\n"
    "  --sparse            zero extents are holes of the file\n"
    "  --class X=N         repeatable: N items of class X, or of all of them (--class all=N); "
    "where none is\n"
    "                      given, a small mix\n"
    "  --bomb N[K|M|G]     what a bomb inflates to (80M)\n"
    "  --keys-dir D        RSA keys that sign the digests (the fixed ones)\n"
    "  --plant FILE...     plant these logs, gzip or not: whole, cut, in two fragments, inflated, "
    "in turn;\n"
    "                      classes real-A, real-C, real-E, real-F\n"
    "\n"
    "Classes\n"
    "  A whole, on a block of 4 KiB       B whole, off any sector         C cut at 60 %\n"
    "  D a sector is zero                 E two fragments, 4 KiB between  F inflated, or a record "
    "a line\n"
    "  G UTF-16, both orders of bytes     H in an envelope, escaped       I in a tar.gz, or "
    "compressed twice\n"
    "  J base64                           K members in a row              L a sector of other "
    "data\n"
    "  M 1, 8 or 64 bits flipped          N fragments, the second first   O twice, one byte "
    "changed\n"
    "  P looks like a log and is none     Q gzip bomb                     R depth bomb\n"
    "  S resident in an NTFS file record  T over parts of split.raw.NNN, one of them missing\n"
    "  U in a hole of a sparse file\n"
    "\n"
    "Logs are stored as delivered logs are: 10, 50, 90 and 99 % of them in less than 1.0, 1.6, "
    "3.7, 6.6 KB.\n"
    "A third of them is listed in digests of us-east-1, which are on the image too (the last of "
    "them has\n"
    "its signature nowhere), a third in digests of eu-west-1, which are in DIR/bucket, signatures "
    "in\n"
    "DIR/metadata.jsonl. Each digest also lists a log that is nowhere.\n"
    "\n"
    "Written: DIR/image.raw, DIR/split.raw.NNN, DIR/key.json, DIR/originals.bin (the logs' text "
    "before any\n"
    "damage), DIR/bucket, DIR/keys.json, DIR/keys, DIR/metadata.jsonl.\n"
    "key.json: seed image size originals extents; items: id class what expect form (what the runs "
    "hold: the\n"
    "  stored object, or its inflated text) image group (of logs that belong together) conflict "
    "(event that\n"
    "  is here twice with different content) container (SHA-256 of what the log is in) runs: "
    "offset length at (in the stored object; for "
    "text and\n"
    "  nested logs the run is that of what they are in); damage: kind at length offset; stored, "
    "inflated:\n"
    "  length sha256; object, digest (keys, or null); original: offset length (in originals.bin); "
    "complete\n"
    "  (records that can be read before the damage); records: event_id event_time event_name at "
    "(in the\n"
    "  inflated text) length sha256 (of its bytes) complete.\n"
    "  expect: exact, joined (exact after joining), fixup (exact with the fix-up undone), prefix, "
    "resync,\n"
    "  inflated (the whole text), records, rejected (must not be taken for whole), nothing.\n"
    "  digests: key sha256 state (signed; listed: nothing verifies it) where offset length "
    "stored_sha256;\n"
    "  logs: object sha256 planted (false: it is nowhere; true: whole or damaged).\n";

/* How many items of a class there are by default, and who puts them. */
static const struct {
	char class;
	unsigned some;
	void (*put)(struct image *, char, unsigned);
} classes[] = {
    {'A', 12, put_whole},
    {'B', 8, put_whole},
    {'C', 6, put_cut},
    {'D', 6, put_hole},
    {'E', 6, put_fragments},
    {'F', 6, put_plain},
    {'G', 4, put_wide},
    {'H', 6, put_envelope},
    {'I', 3, put_nested},
    {'J', 6, put_base64},
    {'K', 3, put_members},
    {'L', 6, put_hole},
    {'M', 6, put_flips},
    {'N', 4, put_fragments},
    {'O', 2, put_changed},
    {'P', 8, put_lookalike},
    {'Q', 2, put_bomb},
    {'R', 3, put_depth},
    {'S', 4, put_resident},
    {'T', 6, NULL},
    {'U', 3, put_sparse},
};

/* A size with a unit. */
static uint64_t
size_of(const char *s)
{
	char *end;
	uint64_t v = strtoull(s, &end, 10);

	if (*s < '0' || *s > '9' || v > UINT64_MAX >> 32)
		errx(2, "%s: not a size", s);
	if (*end == 'K' || *end == 'M' || *end == 'G') {
		v <<= *end == 'K' ? 10 : *end == 'M' ? 20 : 30;
		end++;
	}
	if (*end != '\0')
		errx(2, "%s: not a size", s);
	return v;
}

/* X=N */
static void
opt_class(struct image *im, const char *s)
{
	const char *eq = strchr(s, '=');
	unsigned i, n;

	if (eq == NULL)
		errx(2, "%s: want CLASS=NUMBER", s);
	n = opt_number(eq + 1);
	for (i = 0; i < CLASSES; i++)
		if (strncmp(s, "all=", 4) == 0 || (eq == s + 1 && *s == 'A' + (int)i))
			im->count[i] = n;
	if (strncmp(s, "all=", 4) != 0 && (eq != s + 1 || *s < 'A' || *s >= 'A' + CLASSES))
		errx(2, "%s: classes are A to U", s);
}

/* What is not on the command line. */
static void
defaults(struct image *im)
{
	static char regions[3][16] = {"us-east-1", "eu-west-1", "ap-southeast-2"};
	static char trail[] = "management-events";
	struct options *o = &im->g.o;
	unsigned i;

	im->size = UINT64_C(64) << 20;
	im->mix[0] = 40;
	im->mix[1] = im->mix[2] = 30;
	im->bomb = (size_t)80 << 20;
	o->seed = 1;
	o->start = 1709251200; /* 2024-03-01 */
	o->phase = 91;
	o->accounts = 1;
	for (i = 0; i < 3; i++)
		o->regions[o->nregions++] = regions[i];
	o->trails[o->ntrails++] = trail;
	o->bucket = o->bucket2 = "example-trail-logs";
	o->version = -1;
	o->level = 6;
	o->key_bits = 2048;
	o->meta = META_ALL;
	o->meta_form = "jsonl";
}

/* One option. */
static void
take(struct image *im, int c, bool *counted)
{
	char end;

	switch (c) {
	case 'h':
		fputs(usage, stdout);
		exit(0);
	case 'o':
		im->g.o.out = optarg;
		break;
	case 's':
		im->size = size_of(optarg);
		break;
	case 'r':
		im->g.o.seed = strtoull(optarg, NULL, 10);
		break;
	case 'm':
		if (sscanf(optarg, "%u:%u:%u%c", &im->mix[0], &im->mix[1], &im->mix[2], &end) !=
			3 ||
		    im->mix[0] > 1000 || im->mix[1] > 1000 || im->mix[2] > 1000 ||
		    im->mix[0] + im->mix[1] + im->mix[2] == 0)
			errx(2, "--mix: want RANDOM:TEXT:ZERO");
		break;
	case 'S':
		im->sparse = true;
		break;
	case 'c':
		*counted = true;
		opt_class(im, optarg);
		break;
	case 'b':
		im->bomb = (size_t)size_of(optarg);
		break;
	case 'k':
		im->g.o.keys_dir = optarg;
		break;
	case 'p':
		im->plant = xrealloc(im->plant, im->nplant + 1, sizeof(*im->plant));
		im->plant[im->nplant++] = optarg;
		break;
	default:
		exit(2);
	}
}

/* Read the command line. */
static void
parse(struct image *im, int argc, char **argv)
{
	static const struct option longs[] = {{"help", no_argument, NULL, 'h'},
	    {"output", required_argument, NULL, 'o'}, {"size", required_argument, NULL, 's'},
	    {"seed", required_argument, NULL, 'r'}, {"mix", required_argument, NULL, 'm'},
	    {"sparse", no_argument, NULL, 'S'}, {"class", required_argument, NULL, 'c'},
	    {"bomb", required_argument, NULL, 'b'}, {"keys-dir", required_argument, NULL, 'k'},
	    {"plant", required_argument, NULL, 'p'}, {NULL, 0, NULL, 0}};
	bool counted = false;
	unsigned i;
	int c;

	defaults(im);
	while ((c = getopt_long(argc, argv, "ho:", longs, NULL)) != -1)
		take(im, c, &counted);
	for (; optind < argc; optind++) {
		optarg = argv[optind];
		take(im, 'p', &counted);
	}
	if (im->g.o.out == NULL)
		errx(2, "give -o DIR; --help explains");
	if (im->size < 2 * EXTENT)
		errx(2, "--size: no less than 128K");
	for (i = 0; i < CLASSES && !counted && im->nplant == 0; i++)
		im->count[i] = classes[i].some;
}

/* Make originals.bin, in which the text of each log is kept. */
static void
originals_open(struct image *im)
{
	char *path = xasprintf("%s/originals.bin", im->g.o.out);

	file_write(path, "", 0);
	if ((im->originals = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		err(2, "%s", path);
	free(path);
}

/* Fill the disk, plant everything, write the key. */
int
main(int argc, char **argv)
{
	static struct image im;
	unsigned i, n;

	parse(&im, argc, argv);
	keys_load(&im.g);
	originals_open(&im);
	filler_pool(&im);
	disk_open(&im, &im.disk, "image.raw", im.size);
	for (i = 0; i < CLASSES; i++)
		for (n = 0; n < im.count[i] && classes[i].put != NULL; n++)
			classes[i].put(&im, classes[i].class, n);
	given_make(&im);
	split_make(&im, im.count['T' - 'A']);
	digests_finish(&im);
	disk_close(&im.disk);
	if (close(im.originals) == -1)
		err(2, "originals.bin");
	key_write(&im);
	gz_done();
	return 0;
}
