/* Pages: escaping, the frame, and its Content-Security-Policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/evp.h>

#include "base/text.h"
#include "chaos.h"
#include "markup.h"
#include "report/html.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
test_escaping(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		const char *out;
	} cases[] = {
	    {"", 0, ""},
	    {"plain text", 10, "plain text"},
	    {"a<b>&\"'", 7, "a&lt;b&gt;&amp;&quot;&#39;"},
	    {"</script><script>alert(1)</script>", 34, "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"},
	    {"&amp;", 5, "&amp;amp;"},
	    {"caf\xc3\xa9 \xe4\xb8\xad", 9, "caf\xc3\xa9 \xe4\xb8\xad"},
	    {"a\0b", 3, "a\\x00b"},
	    {"\x1b[2J\n", 5, "\\x1b[2J\\x0a"},
	    {"\xe2\x80\xaegnp", 6, "\\u{202e}gnp"},
	    {"\xff<\xc3", 3, "\\xff&lt;\\xc3"},
	    {"\xed\xa0\x80", 3, "\\xed\\xa0\\x80"},
	};
	struct lf_buf out;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		lf_buf_init(&out);
		lf_html_text(&out, cases[i].in, cases[i].len);
		assert_string_equal(lf_buf_str(&out), cases[i].out);
		lf_buf_free(&out);
	}
}

/* No byte of any value brings markup or a control character into the page. */
static void
test_every_byte(void **state)
{
	struct lf_buf out;
	char bytes[3];

	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			bytes[0] = (char)a;
			bytes[1] = (char)b;
			lf_buf_init(&out);
			lf_html_text(&out, bytes, 2);
			assert_null(strpbrk(lf_buf_str(&out), "<>\"'"));
			assert_int_equal(strlen(lf_buf_str(&out)), out.len);
			for (size_t i = 0; i < out.len; i++)
				assert_true((unsigned char)out.data[i] >= 0x20 && out.data[i] != 0x7f);
			lf_buf_free(&out);
		}
	}
}

static void
test_numbers(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} cases[] = {{0, "0"}, {7, "7"}, {999, "999"}, {1000, "1,000"}, {123456, "123,456"}, {1234567, "1,234,567"},
	    {UINT64_MAX, "18,446,744,073,709,551,615"}};
	struct lf_buf out;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		lf_buf_init(&out);
		lf_html_number(&out, cases[i].n);
		assert_string_equal(lf_buf_str(&out), cases[i].text);
		lf_buf_free(&out);
	}
}

/* Whether the page allows exactly what stands between two tags. */
static bool
allowed(const char *page, const char *open, const char *close)
{
	const char *s = strstr(page, open), *e;
	unsigned char sum[32];
	char source[80], text[64];
	unsigned len;

	if (s == NULL || (e = strstr(s, close)) == NULL)
		return false;
	s += strlen(open);
	assert_int_equal(EVP_Digest(s, (size_t)(e - s), sum, &len, EVP_sha256(), NULL), 1);
	EVP_EncodeBlock((unsigned char *)text, sum, 32);
	snprintf(source, sizeof(source), " 'sha256-%s'", text);
	s = strstr(page, source);
	return s != NULL && s < strstr(page, "<style>");
}

static void
test_frame(void **state)
{
	static const char script[] = "document.title+=\"!\";";
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	lf_html_begin(&out, "A & B </title>", ".a{color:red}\n", script);
	lf_html_tile(&out, 12345, "events & more", "bad");
	lf_html_end(&out, script);
	assert_null(markup_wrong(lf_buf_str(&out)));
	assert_true(allowed(out.data, "<style>", "</style>"));
	assert_true(allowed(out.data, "<script>", "</script>"));
	assert_non_null(strstr(out.data, "content=\"default-src 'none'; "));
	assert_null(strstr(out.data, "unsafe"));
	assert_non_null(strstr(out.data, "<title>A &amp; B &lt;/title&gt;</title>"));
	assert_non_null(strstr(out.data, ">12,345</b>"));
	assert_null(strstr(out.data, "http:"));
	assert_null(strstr(out.data, "https:"));
	assert_null(strstr(out.data, "url("));
	lf_buf_free(&out);
}

/* Without a script none is allowed. */
static void
test_frame_without_script(void **state)
{
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	lf_html_begin(&out, "t", "", NULL);
	lf_html_end(&out, NULL);
	assert_null(markup_wrong(lf_buf_str(&out)));
	assert_null(strstr(out.data, "script"));
	assert_true(allowed(out.data, "<style>", "</style>"));
	lf_buf_free(&out);
}

static int
page_step(void)
{
	struct lf_buf out;
	bool failed;

	lf_buf_init(&out);
	lf_html_begin(&out, "t\xff", "a{}", "1;");
	lf_html_text(&out, "\xff<", 2);
	lf_html_end(&out, "1;");
	failed = out.failed;
	if (!failed && (markup_wrong(out.data) != NULL || !allowed(out.data, "<script>", "</script>")))
		abort();
	lf_buf_free(&out);
	return failed ? -1 : 0;
}

/* OpenSSL's own allocations are left out: what it keeps for later would count as lost. */
static void
test_out_of_memory(void **state)
{
	(void)state;
	if (!CHAOS)
		skip();
	page_step();
	chaos_ours = true;
	assert_true(chaos_run(page_step) > 3);
	chaos_ours = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_escaping), cmocka_unit_test(test_every_byte),
	    cmocka_unit_test(test_numbers), cmocka_unit_test(test_frame), cmocka_unit_test(test_frame_without_script),
	    cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
