/*
 * The actions and files of a case as JSON-LD (W3C) in the terms of CASE and UCO, ontologies 1.3: investigation, action,
 * core, identity, location, observable, tool, types and vocabulary.  Nodes are named by what they stand for, so that
 * two runs name alike.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/jsonw.h"
#include "base/text.h"
#include "report/report.h"
#include "report/report_value.h"
#include "report/words.h"

#define ID_LEN 96

struct graph {
	struct lf_jsonw w;
	const struct lf_report *r;
	char person[ID_LEN], exhibit[ID_LEN];
};

/* "kb:KIND-UUID": a UUID of version 8 (RFC 9562) out of SHA-256 over what is named. */
static void
name_node(struct graph *g, const char *kind, const char *a, const char *b, char out[ID_LEN])
{
	unsigned char sum[LF_SHA256_LEN] = {0};
	char hex[LF_HEX_LEN];

	if (lf_hash_start(g->r->hash) != 0 || lf_hash_add(g->r->hash, kind, strlen(kind) + 1) != 0 ||
	    lf_hash_add(g->r->hash, a, strlen(a) + 1) != 0 || lf_hash_add(g->r->hash, b, strlen(b)) != 0 ||
	    lf_hash_end(g->r->hash, sum) != 0)
		g->w.error = EIO;
	sum[6] = (unsigned char)((sum[6] & 0x0f) | 0x80);
	sum[8] = (unsigned char)((sum[8] & 0x3f) | 0x80);
	lf_hex_encode(sum, sizeof(sum), hex);
	snprintf(out, ID_LEN, "kb:%.40s-%.8s-%.4s-%.4s-%.4s-%.12s", kind, hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static void
node(struct graph *g, const char *id, const char *type)
{
	lf_jsonw_object(&g->w, NULL);
	lf_jsonw_string(&g->w, "@id", id);
	lf_jsonw_string(&g->w, "@type", type);
}

static void
text(struct graph *g, const char *term, const char *s)
{
	if (s != NULL)
		lf_jsonw_string(&g->w, term, s);
}

static void
typed(struct graph *g, const char *term, const char *type, const char *s)
{
	if (s == NULL)
		return;
	lf_jsonw_object_flat(&g->w, term);
	lf_jsonw_string(&g->w, "@type", type);
	lf_jsonw_string(&g->w, "@value", s);
	lf_jsonw_end(&g->w);
}

/* A time of evidence that is one. */
static void
time_of(struct graph *g, const char *term, const json_t *o, const char *member)
{
	int64_t t = lf_value_time(o, member);
	char text[LF_UTC_LEN];

	typed(g, term, "xsd:dateTime", t == LF_TIME_NONE ? NULL : lf_utc_format(t, text));
}

/* A reference; name is NULL inside a list. */
static void
ref(struct graph *g, const char *term, const char *id)
{
	lf_jsonw_object_flat(&g->w, term);
	lf_jsonw_string(&g->w, "@id", id);
	lf_jsonw_end(&g->w);
}

/* ---- Who and with what ---- */

static void
people(struct graph *g)
{
	const struct lf_report *r = g->r;
	const char *who = lf_report_said(r, r->examiner, "examiner"),
	    *whose = lf_report_said(r, r->organization, "organization");
	char id[ID_LEN];

	name_node(g, "person", who != NULL ? who : "", "", g->person);
	node(g, g->person, "uco-identity:Person");
	text(g, "uco-core:name", who != NULL ? who : "examiner not named");
	lf_jsonw_end(&g->w);
	if (whose == NULL)
		return;
	name_node(g, "organization", whose, "", id);
	node(g, id, "uco-identity:Organization");
	text(g, "uco-core:name", whose);
	lf_jsonw_end(&g->w);
}

static void
tool_id(struct graph *g, const char *tool, const char *version, char id[ID_LEN])
{
	name_node(g, "tool", tool, version != NULL ? version : "", id);
}

static void
tool(struct graph *g, const char *name, const char *version)
{
	char id[ID_LEN];

	tool_id(g, name, version, id);
	node(g, id, "uco-tool:Tool");
	text(g, "uco-core:name", name);
	text(g, "uco-tool:toolType", "forensics of CloudTrail logs");
	text(g, "uco-tool:version", version);
	lf_jsonw_end(&g->w);
}

/* Each tool in each version once. */
static void
tools(struct graph *g)
{
	const struct lf_report *r = g->r;
	const char *version, *other;
	bool before;

	for (uint32_t i = 0; i < r->n_inputs; i++) {
		version = lf_value_text(r->inputs[i].doc, "version", NULL);
		before = false;
		for (uint32_t k = 0; k < i && !before; k++) {
			other = lf_value_text(r->inputs[k].doc, "version", NULL);
			before = r->inputs[k].tool == r->inputs[i].tool &&
			    (version == other || (version != NULL && other != NULL && strcmp(version, other) == 0));
		}
		if (!before)
			tool(g, lf_report_tool_names[r->inputs[i].tool], version);
	}
}

/* ---- Files ---- */

static void
hash_node(struct graph *g, const char *file, const char *sha256)
{
	char id[ID_LEN];

	name_node(g, "hash", file, sha256, id);
	node(g, id, "uco-types:Hash");
	typed(g, "uco-types:hashMethod", "uco-vocabulary:HashNameVocab", "SHA256");
	typed(g, "uco-types:hashValue", "xsd:hexBinary", sha256);
	lf_jsonw_end(&g->w);
}

/* A file; modified is an object with a member "mtime", or NULL. */
static void
file(struct graph *g, const char *id, const char *path, uint64_t size, const char *sha256, const json_t *modified,
    const char *what)
{
	const char *slash = strrchr(path, '/');
	char facet[ID_LEN];

	node(g, id, "uco-observable:File");
	text(g, "uco-core:description", what);
	lf_jsonw_array(&g->w, "uco-core:hasFacet");
	name_node(g, "file-facet", id, "", facet);
	node(g, facet, "uco-observable:FileFacet");
	text(g, "uco-observable:fileName", slash != NULL ? slash + 1 : path);
	text(g, "uco-observable:filePath", path);
	lf_jsonw_int(&g->w, "uco-observable:sizeInBytes", size > INT64_MAX ? INT64_MAX : (int64_t)size);
	if (modified != NULL)
		time_of(g, "uco-observable:modifiedTime", modified, "mtime");
	lf_jsonw_end(&g->w);
	if (sha256 != NULL && strlen(sha256) == LF_HEX_LEN - 1) {
		name_node(g, "content-data-facet", id, "", facet);
		node(g, facet, "uco-observable:ContentDataFacet");
		lf_jsonw_array(&g->w, "uco-observable:hash");
		hash_node(g, id, sha256);
		lf_jsonw_end(&g->w);
		lf_jsonw_end(&g->w);
	}
	lf_jsonw_end(&g->w);
	lf_jsonw_end(&g->w);
}

static void
object_id(struct graph *g, const json_t *o, char id[ID_LEN])
{
	name_node(g, "file", lf_value_text(o, "path", ""), lf_value_text(o, "sha256", ""), id);
}

static void
input_id(struct graph *g, const struct lf_report_input *in, char id[ID_LEN])
{
	name_node(g, "result", in->name, in->sha256, id);
}

static void
files(struct graph *g)
{
	const struct lf_report *r = g->r;
	const json_t *o;
	char id[ID_LEN];
	size_t at;

	for (uint32_t i = 0; i < r->n_inputs; i++) {
		if (r->inputs[i].again)
			continue;
		input_id(g, &r->inputs[i], id);
		file(g, id, r->inputs[i].name, r->inputs[i].size, r->inputs[i].sha256, NULL, "result of a tool");
	}
	if (r->ledger == NULL)
		return;
	name_node(g, "ledger", r->ledger->name, r->ledger->sha256, id);
	file(g, id, r->ledger->name, r->ledger->size, r->ledger->sha256, NULL, "ledger of custody");
	json_array_foreach(json_object_get(r->ledger->manifest, "objects"), at, o) {
		object_id(g, o, id);
		file(g, id, lf_value_text(o, "path", ""), lf_value_count(o, "size"), lf_json_string(o, "sha256"), o,
		    lf_value_text(o, "role", "other"));
	}
}

/* The exhibit: what the objects of the manifest are to the case. */
static void
exhibit(struct graph *g)
{
	const struct lf_report *r = g->r;
	const char *number = lf_report_said(r, r->exhibit, "exhibit"), *of = lf_report_said(r, r->case_id, "case");
	const json_t *o;
	char id[ID_LEN];
	size_t at;

	name_node(g, "provenance-record", number != NULL ? number : "", of != NULL ? of : "", g->exhibit);
	node(g, g->exhibit, "case-investigation:ProvenanceRecord");
	text(g, "uco-core:description", "AWS CloudTrail logs and digests as they were received");
	text(g, "case-investigation:exhibitNumber", number);
	if (r->ledger != NULL && json_array_size(json_object_get(r->ledger->manifest, "objects")) > 0) {
		lf_jsonw_array(&g->w, "uco-core:object");
		json_array_foreach(json_object_get(r->ledger->manifest, "objects"), at, o) {
			object_id(g, o, id);
			ref(g, NULL, id);
		}
		lf_jsonw_end(&g->w);
	}
	lf_jsonw_end(&g->w);
}

/* ---- Actions ---- */

static void
examined(struct graph *g, const struct lf_report_input *in, char id[ID_LEN])
{
	char what[ID_LEN];

	name_node(g, "action", in->name, in->sha256, id);
	node(g, id, "case-investigation:InvestigativeAction");
	text(g, "uco-core:name", lf_report_tool_names[in->tool]);
	text(g, "uco-core:description", lf_verdict_name(in->verdict));
	time_of(g, "uco-action:startTime", in->doc, "started");
	time_of(g, "uco-action:endTime", in->doc, "finished");
	ref(g, "uco-action:performer", g->person);
	tool_id(g, lf_report_tool_names[in->tool], lf_value_text(in->doc, "version", NULL), what);
	ref(g, "uco-action:instrument", what);
	ref(g, "uco-action:object", g->exhibit);
	input_id(g, in, what);
	ref(g, "uco-action:result", what);
	lf_jsonw_end(&g->w);
}

/* Who did an entry, where and with what: nodes of their own, for each entry may have others. */
static void
entry(struct graph *g, const struct lf_report_entry *e, char id[ID_LEN])
{
	const json_t *seal = json_object_get(e->doc, "tool"), *host = json_object_get(e->doc, "host");
	char who[ID_LEN], with[ID_LEN], where[ID_LEN];

	name_node(g, "entry-person", lf_value_text(e->doc, "examiner", ""), e->sha256, who);
	node(g, who, "uco-identity:Person");
	text(g, "uco-core:name", lf_value_text(e->doc, "examiner", "not named"));
	lf_jsonw_end(&g->w);
	name_node(g, "entry-tool", lf_value_text(seal, "sha256", ""), e->sha256, with);
	node(g, with, "uco-tool:Tool");
	text(g, "uco-core:name", lf_value_text(seal, "name", "trail-seal"));
	text(g, "uco-tool:version", lf_json_string(seal, "version"));
	lf_jsonw_end(&g->w);
	name_node(g, "entry-location", lf_value_text(host, "name", ""), e->sha256, where);
	node(g, where, "uco-location:Location");
	text(g, "uco-core:name", lf_value_text(host, "name", "not recorded"));
	lf_jsonw_end(&g->w);
	name_node(g, "entry-action", e->sha256, "", id);
	node(g, id, "case-investigation:InvestigativeAction");
	text(g, "uco-core:name", lf_value_text(e->doc, "action", "entry"));
	text(g, "uco-core:description", lf_json_string(e->doc, "note"));
	time_of(g, "uco-action:startTime", e->doc, "started");
	time_of(g, "uco-action:endTime", e->doc, "finished");
	ref(g, "uco-action:performer", who);
	ref(g, "uco-action:instrument", with);
	ref(g, "uco-action:location", where);
	ref(g, "uco-action:object", g->exhibit);
	ref(g, "uco-action:result", g->exhibit);
	lf_jsonw_end(&g->w);
}

static void
actions(struct graph *g)
{
	const struct lf_report_ledger *l = g->r->ledger;
	char id[ID_LEN];

	for (uint32_t i = 0; l != NULL && i < l->entries.n; i++)
		if (lf_report_entry_at(l, i)->doc != NULL)
			entry(g, lf_report_entry_at(l, i), id);
	for (uint32_t i = 0; i < g->r->n_inputs; i++)
		if (!g->r->inputs[i].again)
			examined(g, &g->r->inputs[i], id);
}

static void
investigation(struct graph *g)
{
	const struct lf_report *r = g->r;
	const char *of = lf_report_said(r, r->case_id, "case");
	char id[ID_LEN];

	name_node(g, "investigation", of != NULL ? of : "", "", id);
	node(g, id, "case-investigation:Investigation");
	text(g, "uco-core:name", of != NULL ? of : "case not named");
	text(g, "uco-core:description", r->title);
	text(g, "case-investigation:focus", r->purpose != NULL ? r->purpose : "integrity and content of AWS CloudTrail logs");
	lf_jsonw_array(&g->w, "uco-core:object");
	ref(g, NULL, g->exhibit);
	for (uint32_t i = 0; i < r->n_inputs; i++) {
		if (r->inputs[i].again)
			continue;
		name_node(g, "action", r->inputs[i].name, r->inputs[i].sha256, id);
		ref(g, NULL, id);
	}
	lf_jsonw_end(&g->w);
	lf_jsonw_end(&g->w);
}

static void
context(struct lf_jsonw *w)
{
	static const char *const uco[] = {
	    "action", "core", "identity", "location", "observable", "tool", "types", "vocabulary"};
	char name[32], iri[96];

	lf_jsonw_object(w, "@context");
	lf_jsonw_string(w, "kb", "http://example.org/kb/");
	lf_jsonw_string(w, "case-investigation", "https://ontology.caseontology.org/case/investigation/");
	for (size_t i = 0; i < sizeof(uco) / sizeof(uco[0]); i++) {
		snprintf(name, sizeof(name), "uco-%s", uco[i]);
		snprintf(iri, sizeof(iri), "https://ontology.unifiedcyberontology.org/uco/%s/", uco[i]);
		lf_jsonw_string(w, name, iri);
	}
	lf_jsonw_string(w, "xsd", "http://www.w3.org/2001/XMLSchema#");
	lf_jsonw_end(w);
}

int
lf_report_case(const struct lf_report *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct graph g = {.r = r};

	(void)o;
	lf_jsonw_init(&g.w, write, arg);
	lf_jsonw_object(&g.w, NULL);
	context(&g.w);
	lf_jsonw_array(&g.w, "@graph");
	people(&g);
	tools(&g);
	files(&g);
	exhibit(&g);
	actions(&g);
	investigation(&g);
	lf_jsonw_end(&g.w);
	lf_jsonw_end(&g.w);
	return lf_jsonw_finish(&g.w, err);
}
