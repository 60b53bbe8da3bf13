/*
 * mktrail: makes signed CloudTrail evidence for tests, clean or tampered with.
 * It is an oracle: it shares no code with libforensic.
 */
#ifndef GEN_H
#define GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_TRAILS  16
#define MAX_REGIONS 64
#define MAX_LIST    64
#define SHA_LEN	    32
#define ISO_LEN	    21

/* A growing byte buffer, always followed by a NUL. */
struct buf {
	char *p;
	size_t len, cap;
};

struct rng {
	uint64_t s;
};

/* A hole in the schedule of one trail: after hour `at`, `len` hours long. */
struct hole {
	enum { HOLE_STOP, HOLE_RECREATE, HOLE_UNSIGNED, HOLE_FAILURE, HOLE_NARROW } kind;
	unsigned at, len, trail;
	int shift; /* seconds the phase moves afterwards */
};

/* A lifetime or a change that begins at an hour: region, account, phase. */
struct change {
	unsigned which, hour;
	int seconds;
};

/* An event put into the first or last log of one account, region and hour. */
struct inject {
	unsigned hour, acct, region;
	bool first;
	int64_t offset;	    /* seconds from the window's start */
	unsigned step, set; /* step of a scenario of --lineage, from 1 on, and which repetition */
	char *source, *name, *error, *message, *params, *response, *user;
	enum { FOR_NOTHING, FOR_HOLE, FOR_REGION, FOR_ACCOUNT, FOR_DROP } why;
	unsigned which;	    /* of the holes, regions or accounts that it explains */
	bool ends, impairs; /* it ends that; it is one of the events that impair logging */
};

struct options {
	const char *out, *org, *prefix, *prefix2, *bucket, *bucket2, *keys_dir, *meta_form, *meta_bucket;
	uint64_t seed;
	int64_t start;
	unsigned accounts, hours, logs, events, threads, rotate_hours, lake, backfill, fresh,
	    key_bits;
	unsigned phase, narrow_final, tail;
	size_t pad;
	char *regions[MAX_REGIONS];
	unsigned nregions, home;
	char *trails[MAX_TRAILS];
	unsigned ntrails;
	unsigned quiet[MAX_LIST], nquiet;
	struct hole holes[MAX_LIST];
	unsigned nholes;
	struct change born[MAX_LIST], died[MAX_LIST]; /* regions */
	unsigned nborn, ndied;
	struct change joined[MAX_LIST], left[MAX_LIST]; /* accounts */
	unsigned njoined, nleft;
	struct change phases[MAX_LIST];
	unsigned nphases;
	struct inject *injects;
	unsigned ninjects;
	unsigned lineage, duplicates;
	const char *envelope[MAX_LIST];
	unsigned nenvelopes;
	int bucket_change, prefix_change, drop_regions, attempts, conflict; /* hour, or -1 */
	int level, version;			   /* version: minor, or -1 */
	enum { META_NONE, META_HEADS, META_ALL } meta;
	bool insight, insight_listed, network, aggregated, plain_slashes, escape_logs;
	bool by_arn, by_session, no_events, backfill_lost;
	bool single_region, org_prefix, restart_empty, libdeflate, noise, bare, everywhere,
	    old_names;
	bool key_iso, key_spki, key_lower, key_string, key_float, key_nofp, phase_vary;
};

/* One signing key and the time it was in use. */
struct key {
	void *pkey;
	unsigned char *pkcs1, *spki;
	int pkcs1_len, spki_len;
	char fp[33];	     /* MD5 of the DER as published */
	int64_t first, last; /* last < first: not used */
	uint64_t regions;    /* bit per region index */
	bool dropped, bad_der, wrong_fp, expired;
	int swapped; /* publish the value of that key, or -1 */
};

/* The fields of a digest, in the order in which CloudTrail writes them. */
enum field {
	F_ACCOUNT,
	F_START,
	F_END,
	F_BUCKET,
	F_OBJECT,
	F_FINGERPRINT,
	F_ALGORITHM,
	F_NEWEST,
	F_OLDEST,
	F_PREV_BUCKET,
	F_PREV_OBJECT,
	F_PREV_HASH,
	F_PREV_ALGORITHM,
	F_PREV_SIGNATURE,
	F_COUNT
};

enum ref_field { R_BUCKET, R_OBJECT, R_HASH, R_ALGORITHM, R_NEWEST, R_OLDEST, R_COUNT };

/* One entry of logFiles; strings are owned. */
struct ref {
	char *v[R_COUNT];
};

/* A whole digest; a NULL field is written as null. */
struct doc {
	char *v[F_COUNT];
	struct ref *logs;
	size_t nlogs;
};

enum {
	D_START = 1,
	D_QUIET = 2,
	D_EMPTY = 4,
	D_UNSIGNED = 8,
	D_LOST = 16,
	D_GONE = 32,
	D_EXTRA = 64,
	D_META_KEEP = 128,
	D_META_STRIP = 256,
	D_META_FLIP = 512,
	D_META_ALGORITHM = 1024,
	D_META_NOTIME = 2048,
	D_LOG_GONE = 4096
};

/* What is remembered of one digest; the rest is on disk. */
struct dig {
	int64_t start, end;
	unsigned slot, flags, nlogs, nevents;
	uint64_t bytes;
	unsigned char bucket, key, moved; /* moved: to the second prefix */
	unsigned short siglen;
	unsigned char hash[SHA_LEN];
	unsigned char *sig;
	char *where; /* path in the bucket if not the key */
};

/* The digests of one account, region, trail and kind, oldest first. */
struct chain {
	unsigned acct, region, trail;
	bool backfill;
	struct dig *digs;
	size_t ndigs, nmade;
	unsigned long long logs, events, bytes;
};

/* Objects that one tampering touched, as JSON array bodies. */
struct deed {
	char *spec;
	struct buf removed, changed, added;
};

struct gen {
	struct options o;
	struct chain *chains;
	size_t nchains;
	struct key *keys;
	unsigned nkeys;
	struct deed *deeds;
	unsigned ndeeds;
	struct buf absent; /* metadata lines for objects that never were */
	struct buf extra;  /* further members of facts.json */
	unsigned long long lakes, insights, others, duplicates, conflicts;
};

struct actor;

/* The events of one account, region and hour. */
struct place {
	const struct gen *g;
	unsigned acct, region, slot, total, salt;
	int64_t start, len;
};

/* One record while it is being written. */
struct record {
	const struct place *p;
	unsigned e;
	int version; /* minor */
	int64_t time;
	struct rng r;
	struct actor *a;
	const char *source, *name; /* source without .amazonaws.com */
	const char *error, *message, *type;
	bool readonly, global, data;
	unsigned session; /* of the scenario of --lineage, that acts instead of a; or 0 */
};

/* rand.c */
struct rng rng_make(uint64_t, uint32_t, uint64_t, uint64_t, uint64_t, uint64_t);
uint64_t rng_next(struct rng *);
unsigned rng_below(struct rng *, unsigned);
void rng_hex(struct rng *, char *, size_t);
void rng_alnum(struct rng *, char *, size_t);
void rng_base32(struct rng *, char *, size_t);
void rng_uuid(struct rng *, char[37]);
#define TAG(a, b, c, d)                                                                            \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* buf.c */
void buf_room(struct buf *, size_t);
void buf_add(struct buf *, const void *, size_t);
void buf_str(struct buf *, const char *);
void buf_chr(struct buf *, char);
void buf_fmt(struct buf *, const char *, ...) __attribute__((format(printf, 2, 3)));
void buf_json(struct buf *, const char *, bool);
void buf_hex(struct buf *, const void *, size_t);
void buf_escape_slashes(struct buf *, size_t);
unsigned buf_replace(struct buf *, const char *, const char *, unsigned);
void buf_free(struct buf *);
char *xstrdup(const char *);
char *xasprintf(const char *, ...) __attribute__((format(printf, 1, 2)));
void *xrealloc(void *, size_t, size_t);

/* stamp.c */
void stamp_iso(int64_t, char[ISO_LEN]);
void stamp_key(int64_t, char[ISO_LEN]);
void stamp_minute(int64_t, char[ISO_LEN]);
void stamp_folder(int64_t, char[ISO_LEN]);
void stamp_human(int64_t, char[32]);
bool stamp_parse(const char *, int64_t *);

/* file.c */
void file_write(const char *, const void *, size_t);
bool file_read(const char *, struct buf *);
void file_move(const char *, const char *);
void file_remove(const char *);
void file_walk(const char *, void (*)(const char *, void *), void *);
char *file_object(const struct gen *, unsigned, const char *);
const char *file_bucket(const struct gen *, unsigned);

/* gz.c */
void gz_pack(const struct gen *, struct buf *, const void *, size_t);
void gz_pack_zlib(struct buf *, const void *, size_t, int);
void gz_done(void);
bool gz_unpack(struct buf *, const void *, size_t);

/* par.c */
void par_for(size_t, unsigned, void (*)(size_t, void *), void *);

/* sign.c */
void sha256(const void *, size_t, unsigned char[SHA_LEN]);
void sha256_hex(const void *, size_t, char[2 * SHA_LEN + 1]);
void md5_hex(const void *, size_t, char[33]);
size_t key_sign(const struct key *, const void *, size_t, unsigned char **);
void keys_load(struct gen *);
unsigned key_of(const struct gen *, unsigned, int64_t);
void base64(struct buf *, const void *, size_t);

/* keyfile.c */
void keyfile_write(struct gen *);

/* who.c, identity.c */
struct actor {
	enum {
		WHO_USER,
		WHO_ROLE,
		WHO_ROOT,
		WHO_SERVICE,
		WHO_ACCOUNT,
		WHO_FEDERATED,
		WHO_SAML
	} type;
	char account[13], name[64], session[64], principal[32], key[21], ip[48];
	const char *role_path, *invoked, *agent;
	int64_t since;
	bool mfa;
};
void account_id(unsigned, char[13]);
const char *who_user(unsigned);
const char *who_role(unsigned);
const char *partition(const char *);
const char *global_region(const struct gen *);
void actor_user(const struct place *, unsigned, struct actor *);
void actor_session(const struct place *, unsigned, struct actor *);
void actor_pick(const struct place *, unsigned, struct rng *, struct actor *);
void actor_arn(const struct place *, const struct actor *, struct buf *);
void actor_json(const struct place *, const struct actor *, int, struct buf *);
bool session_issued_at(unsigned);

/* template.c */
void template_expand(struct buf *, const char *, const struct place *, unsigned, int64_t);

/* catalog.c */
struct call {
	const char *source, *name;
	bool readonly, global, data;
	const char *params, *response, *additional, *resources;
};
const struct call *call_pick(struct rng *, bool, bool, bool);

/* event.c */
void event_write(const struct place *, unsigned, struct buf *, int64_t *);
int64_t event_time(const struct place *, unsigned);
bool event_global_here(const struct place *);

/* record.c */
void record_head(const struct record *, struct buf *);
void record_tail(const struct record *, const char *, struct buf *);
void record_id(const struct record *, char[37]);
int record_version(const struct gen *, struct rng *);

/* control.c */
void control_write(const struct place *, unsigned, const struct inject *, struct buf *);
int64_t control_time(const struct place *, const struct inject *);
void control_add(struct options *, const struct inject *);
void control_facts(const struct gen *, struct buf *);
bool control_made(const struct gen *, const struct inject *, struct place *);
void control_id(const struct place *, unsigned, char[37]);
void control_actor(const struct place *, const struct inject *, struct actor *);
void control_arn(const struct place *, const struct inject *, bool, struct buf *);

/* control_plan.c */
void control_plan(struct gen *);

/* lineage.c */
void lineage_plan(struct gen *);
void lineage_write(const struct place *, unsigned, const struct inject *, struct buf *);
void lineage_facts(const struct gen *, struct buf *);
void lineage_identity(const struct gen *, unsigned, struct buf *);
void lineage_arn(const struct gen *, unsigned, struct buf *);
void lineage_root(const struct gen *, unsigned, struct buf *);

/* envelope.c, forms.c */
struct text {
	const char *p;
	size_t len;
};
struct form {
	const char *name, *file; /* what the name of a file ends in */
	void (*write)(const struct gen *, const struct text *, size_t, struct buf *);
	bool gzip;
};
extern const struct form envelope_forms[];
bool record_member(const struct text *, const char *, struct text *);
void envelope_make(struct gen *);

/* insight.c */
void insight_record(const struct place *, const char *, struct buf *);
void network_record(const struct place *, struct buf *);
void aggregated_record(const struct place *, struct buf *);

/* log.c */
struct made {
	struct ref ref;
	unsigned events;
	uint64_t bytes;
};
void root_key(const struct gen *, unsigned, bool, struct buf *);
void place_of(const struct gen *, const struct chain *, const struct dig *, struct place *);
void log_key(
    const struct gen *, const struct chain *, const struct dig *, const char *, int64_t, const char[17], struct buf *);
void log_make(struct gen *, const struct chain *, const struct dig *, unsigned, struct made *);
void log_store(const struct gen *, unsigned, const char *, const struct buf *);
char *log_copy(const struct gen *, const struct chain *, const struct dig *, unsigned, bool);
char *log_forge(const struct gen *, const struct chain *, const struct dig *, unsigned,
    const char *, const char *);
char *log_late(const struct gen *, const struct chain *, const struct dig *, struct made *);
char *log_class(
    const struct gen *, const struct chain *, const struct dig *, const char *, struct made *);

/* digest.c */
void digest_key(const struct gen *, const struct chain *, const struct dig *, struct buf *);
char *digest_key_dup(const struct gen *, const struct chain *, const struct dig *);
void doc_init(const struct gen *, const struct chain *, const struct dig *, struct doc *);
void doc_link(const struct gen *, const struct chain *, const struct dig *, struct doc *);
void doc_span(struct doc *);
void doc_set(struct doc *, enum field, const char *);
void ref_set(struct ref *, enum ref_field, const char *);
struct ref *doc_add(struct doc *, const struct ref *);
void doc_write(const struct gen *, const struct doc *, struct buf *);
bool doc_parse(const char *, struct doc *);
void doc_free(struct doc *);
void ref_free(struct ref *);

/* chain.c */
void chain_make_all(struct gen *);
void chain_sign(const struct gen *, struct dig *, const struct doc *, bool, struct buf *);
void chain_save(const struct gen *, const struct chain *, struct dig *, const struct doc *, bool);
struct dig *chain_before(const struct chain *, const struct dig *);

/* plan.c */
void plan_all(struct gen *);

/* meta.c */
void meta_write(struct gen *);
bool dig_present(const struct dig *);
bool dig_is_head(const struct chain *, size_t);

/* lake.c */
void lake_make(struct gen *);
char *lake_key(const struct gen *, const char *);

/* noise.c */
void noise_make(struct gen *);

/* gaps.c */
void gaps_facts(const struct gen *, struct buf *);

/* facts.c */
void facts_write(struct gen *);
void fact(struct buf *, const struct gen *, unsigned, const char *);

/* tamper.c */
struct args {
	const char *spec;
	char kind[48];
	char *k[16], *v[16];
	unsigned n;
	struct deed *deed;
	char *copy; /* what k and v point into */
};
struct target {
	struct chain *c;
	struct dig *d;
};
const char *arg(const struct args *, const char *, const char *);
unsigned arg_num(const struct args *, const char *, unsigned);
void target_chain(struct gen *, const struct args *, struct target *);
void target_dig(struct gen *, const struct args *, struct target *);
void target_hour(struct target *, const struct args *, const char *);
void target_read(
    struct gen *, const struct args *, const struct chain *, const struct dig *, struct doc *);
void target_load(struct gen *, const struct args *, struct target *, struct doc *);
void target_relink(struct gen *, const struct args *, struct target *);
char *target_object(struct gen *, const struct args *, struct target *, unsigned *);
bool tamper_in(const struct gen *, const struct args *, const struct chain *);
void tamper_plan(struct gen *);
void tamper_all(struct gen *);
void tamper_list(void);
struct tamper {
	const char *name;
	void (*plan)(struct gen *, const struct args *);
	void (*run)(struct gen *, const struct args *);
	const char *help;
};
extern const struct tamper tamper_digests[], tamper_signed[], tamper_logs[], tamper_bytes[],
    tamper_rest[];

/* options.c */
void options_parse(struct gen *, int, char **);

/* values.c */
unsigned opt_number(const char *);
void opt_inject(struct gen *, char *);
void opt_stop(struct gen *, char *);
void opt_recreate(struct gen *, char *);
void opt_unsigned(struct gen *, char *);
void opt_failure(struct gen *, char *);
void opt_narrow(struct gen *, char *);
void opt_region_from(struct gen *, char *);
void opt_region_until(struct gen *, char *);
void opt_account_from(struct gen *, char *);
void opt_account_until(struct gen *, char *);
void opt_phase_change(struct gen *, char *);
void opt_regions(struct gen *, char *);
void opt_home(struct gen *, char *);
void opt_quiet(struct gen *, char *);

/* help.c */
void help_print(void);

#endif
